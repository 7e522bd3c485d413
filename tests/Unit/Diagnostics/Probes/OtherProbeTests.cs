using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics.Probes;

public sealed class OtherProbeTests
{
    [Test]
    public void Evaluations_that_repeat_to_the_bit_are_comparable()
    {
        var finding = EvaluationRepeats.Judge(Scores(0, 0), Scores(0, 0), Scores(0, 0));
        finding.Outcome.Should().Be(FindingOutcome.Rejected);
        finding.Sentence.Should().Be("The same weights, evaluated as after two epochs and in other batch sizes, give the same bits on all 2 utterances.");
    }

    [Test]
    public void Evaluations_of_other_cuts_are_not()
    {
        var finding = EvaluationRepeats.Judge(Scores(0, 0), Scores(0.25, 800), Scores(0, 0));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Observed.Should().BeApproximately(0.25, 1e-12);
        finding.Sentence.Should().Be("The same weights, evaluated as after two epochs, differ by up to 0.25 PESQ (a; mean 2.5 against 2.75; 2 of 2 cuts lie elsewhere); in other batch sizes by 0.");
    }

    [TestCase(1.0, FindingOutcome.Rejected)]
    [TestCase(0.9, FindingOutcome.Inconclusive)]
    [TestCase(0.7, FindingOutcome.Inconclusive)]
    [TestCase(0.6, FindingOutcome.Confirmed)]
    public void Failure_policies_matter_where_silence_is_in_many_batches(double drop, FindingOutcome outcome)
    {
        var finding = FailurePolicies.Judge([Of(("mask", 1), ("batch-mean", 1), ("drop-batch", drop))]);
        finding.Outcome.Should().Be(outcome);
        finding.Sentence.Should().StartWith(FormattableString.Invariant($"By the scores of the replayed window the discriminator would step on {100 * drop:0.#} % of batches where one sample without a score drops its batch, and on 100 %"));
    }

    [Test]
    public void Without_scores_nothing_is_said_of_the_policies()
    {
        var finding = FailurePolicies.Judge([Of()]);
        finding.Outcome.Should().Be(FindingOutcome.NotMeasured);
        finding.Observed.Should().BeNull();
    }

    [Test]
    public void A_replay_counts_how_often_each_policy_would_have_stepped()
    {
        static StepTelemetry Step(long step, params double?[] scores) => new()
        {
            Epoch = 3,
            Step = step,
            Loss = new LossTerms { Ri = 0.1, Magnitude = 0.2, Total = 1 },
            SampleCount = scores.Length,
            DiscriminatorStepped = scores.Any(s => s is not null),
            Samples = [.. scores.Select((s, i) => new SampleScore { Name = $"u{i}", Pesq = s, Masked = s is null ? "SILENT_REFERENCE" : null })],
        };
        var steps = new[] { Step(1, 2.0, 3.0), Step(2, 2.0, null), Step(3, null, null), Step(4, 1.5, 2.5) };
        var run = new RunRecord
        {
            Info = new RunInfo { Id = "r", Status = RunStatus.Completed, Started = default, Seed = 7 },
            Steps = steps,
            Epochs = [EpochSummary.Of(3, steps)],
            Evaluations = [.. Scores(0, 0).Select(e => e with { Epoch = 3 }), .. Scores(1, 0).Select(e => e with { Epoch = 2 })],
        };
        var replay = Replay.Of("k", "unchanged", run, new() { Ri = 0.1, Magnitude = 0.9 });
        replay.RateByPolicy.Should().Equal(new Dictionary<string, double> { ["batch-mean"] = 0.75, ["drop-batch"] = 0.5, ["mask"] = 0.75 });
        replay.TrainingRate.Should().Be(0.75);
        replay.Loss.Should().BeApproximately(0.19, 1e-12);
        replay.Pesq.Should().Equal(new Dictionary<string, double> { ["a"] = 2, ["b"] = 3 });
        replay.Seed.Should().Be(7);
    }

    private static Replay Of(params (string Policy, double Rate)[] rates) => new()
    {
        Key = "k",
        Ingredient = "unchanged",
        Seed = 1,
        Pesq = new Dictionary<string, double>(),
        SiSdr = new Dictionary<string, double>(),
        RateByPolicy = rates.ToDictionary(r => r.Policy, r => r.Rate),
    };

    private static IReadOnlyList<UtteranceEvaluation> Scores(double change, int cut) =>
    [
        .. new[] { "a", "b" }.Select((name, i) => new UtteranceEvaluation
        {
            Epoch = 1,
            Split = "valid",
            Name = name,
            CutStart = cut,
            CutLength = 64000,
            Metrics = new Dictionary<string, double> { ["pesq_wb"] = 2 + i + change },
        }),
    ];
}
