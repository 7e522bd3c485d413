namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// The decision procedure and its theories: one visible line each, in the order in which a run is questioned. A later answer means little
/// while an earlier one is no: scores that cannot be compared say nothing of PESQ; a discriminator that does not train makes its term's
/// weight meaningless; and so on. All questions are asked, so that a second fault is not hidden.
/// </summary>
public static class AllTheories
{
    /// <summary>The questions with the theories that answer them. Yes is what a sound run answers.</summary>
    public static IReadOnlyList<(string Question, IReadOnlyList<ITheory> Theories)> Questions { get; } =
    [
        (
            "Can the epochs' scores be compared and believed?",
            [
                new KernelsWrong(),
                new EvaluatedInTrainingMode(),
                new EvaluationNotComparable(),
                new FailedScoresCounted(),
                new TestUsedForChoosing(),
                new UnstableClips(),
            ]
        ),
        (
            "Does the discriminator train (a rate above 90 % says yes, below 70 % no)?",
            [
                // Silent estimates have no score: where they are why the discriminator starves, they are the cause.
                new GeneratorSilent(),
                new DiscriminatorStarved(),
                new DiscriminatorCleanPairsOnly(),
                new SkippedStepsCounted(),
            ]
        ),
        (
            "Do the identities of a sound trainer hold?",
            [
                new LabelLeak(),
                new ScaleFault(),
                new FrontEndFault(),
                new BatchDependence(),
                new ScoringWrong(),
                new LossTermWrong(),
                new DiscriminatorLossWrong(),
                new GradientWrong(),
                new UpdateWrong(),
                new LossInconsistent(),
            ]
        ),
        (
            "Is it the run and the data that were meant?",
            [
                new NonFiniteValues(),
                new BatchesLost(),
                new LoadingWrong(),
                new WeightsStandStill(),
                new UpdateTooLarge(),
                new LearningRateNotApplied(),
                new StateLostAtResume(),
                new OrderRepeated(),
                new DataFaults(),
                new RecordingInTwoParts(),
                new PartsDiffer(),
            ]
        ),
        (
            "Is the discriminator worth following?",
            [
                new TargetsAboveOne(),
                new DiscriminatorTargets(),
                new DiscriminatorConstant(),
                new DiscriminatorBlind(),
                new DiscriminatorOfClean(),
            ]
        ),
        ("Are the loss terms in balance and the gradients steady?", [new LossBalance(), new LossJump(), new GradientsUnstable()]),
        (
            "Is what is scored what is trained, and does it hold for other files?",
            [new RunningStatistics(), new Overfitting(), new TestBelowValid(), new NothingLearned()]
        ),
        // What it looks like from outside.
        ("Does PESQ keep up with the loss?", [new LossPesqDivergence()]),
    ];

    /// <summary>All theories, in the questions' order.</summary>
    public static IReadOnlyList<ITheory> InOrder { get; } = [.. Questions.SelectMany(q => q.Theories)];
}
