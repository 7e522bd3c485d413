namespace SpeechGan.Diagnostics.Theories;

/// <summary>The theories in the order they are asked, which is the mission's decision procedure: one visible line each.</summary>
public static class AllTheories
{
    /// <summary>All theories.</summary>
    public static IReadOnlyList<ITheory> InOrder { get; } =
    [
        // 1. Can the numbers and the scores be believed?
        new KernelsWrong(),
        new EvaluatedInTrainingMode(),
        new EvaluationNotComparable(),
        new FailedScoresCounted(),
        new TestUsedForChoosing(),
        new UnstableClips(),
        // 2. Does the discriminator train? Silent estimates have no score: where they are why, they are the cause.
        new GeneratorSilent(),
        new DiscriminatorStarved(),
        new DiscriminatorCleanPairsOnly(),
        new SkippedStepsCounted(),
        // 3. Do the identities hold?
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
        // 4. Is it the run that was meant?
        new NonFiniteValues(),
        new BatchesLost(),
        new LoadingWrong(),
        new WeightsStandStill(),
        new UpdateTooLarge(),
        new LearningRateNotApplied(),
        new StateLostAtResume(),
        new OrderRepeated(),
        new DataFaults(),
        // 5. What pulls, and where to?
        new TargetsAboveOne(),
        new DiscriminatorTargets(),
        new DiscriminatorConstant(),
        new DiscriminatorBlind(),
        new DiscriminatorOfClean(),
        new LossBalance(),
        new LossJump(),
        new GradientsUnstable(),
        new RunningStatistics(),
        new Overfitting(),
        new TestBelowValid(),
        new NothingLearned(),
        // 6. What it looks like from outside.
        new LossPesqDivergence(),
    ];
}
