using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class TrajectoryTests
{
    [Test]
    public void Trajectory_of_a_run_has_its_epochs_and_its_validation_utterances()
    {
        var epoch = RunSamples.Epoch(1, RunSamples.Stepped(1, 1), RunSamples.Skipped(1, 2)) with
        {
            Validation = new ValidationSummary
            {
                Split = "valid",
                Utterances = 1,
                Mean = new Dictionary<string, double> { ["pesq_wb"] = 2.5, ["stoi"] = 0.9 },
            },
            ParameterDigest = "ab",
        };
        UtteranceEvaluation Utterance(string split, double pesq) =>
            new()
            {
                Epoch = 1,
                Split = split,
                Name = "u",
                CutStart = 0,
                CutLength = 8,
                Metrics = new Dictionary<string, double> { ["pesq_wb"] = pesq, ["stoi"] = 0.9 },
            };
        var run = new RunRecord
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = 1,
            },
            Epochs = [epoch],
            Evaluations = [Utterance("valid", 2.5), Utterance("test", 3)],
        };

        var only = Trajectory.Of(run).Epochs.Should().ContainSingle().Subject;

        only.Values.Keys.Should()
            .Equal(
                "batchesSeen",
                "batchesStepped",
                "discriminatorCorrelation",
                "discriminatorError",
                "discriminatorLoss",
                "loss.gan",
                "loss.magnitude",
                "loss.ri",
                "loss.time",
                "loss.total",
                "mean.pesq_wb",
                "samplesMasked.SILENT_DEGRADED",
                "samplesScored",
                "samplesSeen",
                "trainingRate"
            );
        only.Values["trainingRate"].Should().Be(0.5);
        only.ParameterDigest.Should().Be("ab");
        only.Utterances.Should().ContainKey("u").WhoseValue.Should().Equal(new Dictionary<string, double> { ["pesq_wb"] = 2.5 });
    }

    [Test]
    public void Trajectory_before_training_has_the_oracle_checks_and_the_noisy_sides()
    {
        UtteranceEvaluation Noisy(string name, double pesq) =>
            new()
            {
                Epoch = 0,
                Split = "valid",
                Name = name,
                CutStart = 0,
                CutLength = 8,
                Metrics = new Dictionary<string, double> { ["noisy_pesq_wb"] = pesq, ["noisy_stoi"] = 1 },
            };
        var run = new RunRecord
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = 1,
            },
            Oracles =
            [
                new()
                {
                    Epoch = 0,
                    Name = "good",
                    Observed = 0,
                    Expected = 0,
                    Allowed = 0.1,
                },
                new()
                {
                    Epoch = 0,
                    Name = "bad",
                    Observed = 1,
                    Expected = 0,
                    Allowed = 0.1,
                },
                new()
                {
                    Epoch = 0,
                    Name = "none",
                    Expected = 0,
                    Allowed = 0.1,
                    Unavailable = Absence.Of("observed", "silence"),
                },
                new()
                {
                    Epoch = 0,
                    Name = "bare",
                    Expected = 0,
                    Allowed = 0.1,
                },
            ],
            Evaluations = [Noisy("a", 1.5), Noisy("b", 1.25) with { Split = "test" }],
        };

        var before = Trajectory.Of(run).Epochs.Should().ContainSingle().Subject;

        before.Epoch.Should().Be(0);
        before
            .Outcomes.Should()
            .Equal(
                new Dictionary<string, string>
                {
                    ["oracle.bad"] = "fails",
                    ["oracle.bare"] = "unmeasured",
                    ["oracle.good"] = "holds",
                    ["oracle.none"] = "unmeasured",
                }
            );
        before.Values.Should().Equal(new Dictionary<string, double> { ["oracle.bad"] = 1, ["oracle.good"] = 0 });
        before
            .Unavailable.Should()
            .Equal(new Dictionary<string, string> { ["oracle.bare"] = "no reason was recorded", ["oracle.none"] = "silence" });
        before.Utterances.Should().ContainSingle().Which.Value.Should().Equal(new Dictionary<string, double> { ["noisy_pesq_wb"] = 1.5 });
        Trajectory.Of(run with { Oracles = [], Evaluations = [] }).Epochs.Should().BeEmpty();
    }
}
