using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics.Probes;

public sealed class ReplayTests
{
    [Test]
    public void A_replay_counts_how_often_each_policy_would_have_stepped()
    {
        static StepTelemetry Step(long step, params double?[] scores) =>
            new()
            {
                Epoch = 3,
                Step = step,
                Loss = new LossTerms
                {
                    Ri = 0.1,
                    Magnitude = 0.2,
                    Total = 1,
                },
                SampleCount = scores.Length,
                DiscriminatorStepped = scores.Any(s => s is not null),
                Samples =
                [
                    .. scores.Select(
                        (s, i) =>
                            new SampleScore
                            {
                                Name = $"u{i}",
                                Pesq = s,
                                Masked = s is null ? "SILENT_REFERENCE" : null,
                            }
                    ),
                ],
            };
        var steps = new[] { Step(1, 2.0, 3.0), Step(2, 2.0, null), Step(3, null, null), Step(4, 1.5, 2.5) };
        var run = new RunRecord
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Completed,
                Started = default,
                Seed = 7,
            },
            Steps = steps,
            Epochs = [EpochSummary.Of(3, steps)],
            Evaluations = [.. Scores(3, 0), .. Scores(2, 1)],
        };
        var replay = Replay.Of("k", "unchanged", run, new() { Ri = 0.1, Magnitude = 0.9 });
        replay
            .RateByPolicy.Should()
            .Equal(
                new Dictionary<string, double>
                {
                    ["batch-mean"] = 0.75,
                    ["drop-batch"] = 0.5,
                    ["mask"] = 0.75,
                }
            );
        replay.TrainingRate.Should().Be(0.75);
        replay.Loss.Should().BeApproximately(0.19, 1e-12);
        replay.Pesq.Should().Equal(new Dictionary<string, double> { ["a"] = 2, ["b"] = 3 });
        replay.Seed.Should().Be(7);
    }

    private static IEnumerable<UtteranceEvaluation> Scores(int epoch, double change) =>
        new[] { "a", "b" }.Select(
            (name, i) =>
                new UtteranceEvaluation
                {
                    Epoch = epoch,
                    Split = "valid",
                    Name = name,
                    CutStart = 0,
                    CutLength = 64000,
                    Metrics = new Dictionary<string, double> { ["pesq_wb"] = 2 + i + change },
                }
        );
}
