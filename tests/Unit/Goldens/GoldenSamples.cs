using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

/// <summary>A golden of two epochs, and what can be made of it.</summary>
internal static class GoldenSamples
{
    public const string OwnHost = "CPU A; avx2; 2 cores";
    public const string OtherHost = "CPU B; avx512f; 8 cores";

    public static Golden BeforeTraining() =>
        Sample() with
        {
            Trajectory = new Trajectory
            {
                Epochs =
                [
                    new()
                    {
                        Epoch = 0,
                        Values = new Dictionary<string, double> { ["oracle.estimate-is-clean/time"] = 0.28125 },
                        Outcomes = new Dictionary<string, string>
                        {
                            ["oracle.estimate-is-clean/time"] = "fails",
                            ["oracle.gain-leaves-pesq"] = "unmeasured",
                        },
                        Unavailable = Absence.Of("oracle.gain-leaves-pesq", "no sample of the batch could be scored"),
                        Utterances = new Dictionary<string, IReadOnlyDictionary<string, double>>
                        {
                            ["p 1"] = new Dictionary<string, double> { ["noisy_pesq_wb"] = 1.5 },
                        },
                    },
                    .. Sample().Trajectory.Epochs,
                ],
            },
        };

    public static Golden Sample() =>
        new()
        {
            Format = 2,
            Name = "tiny",
            Provenance = new Provenance
            {
                Command = "speechgan train --preset tiny",
                Version = "0.1.0",
                Date = "2026-11-22",
                Seed = 1,
                Corpus = "tests/corpus",
                Host = OwnHost,
            },
            Tolerances = new Tolerances
            {
                All =
                [
                    new("utterance.pesq_wb", 0.1, "three libtorch versions spread by 0.06"),
                    new("mean.pesq_wb", 0.05, "three libtorch versions spread by 0.03"),
                ],
            },
            Trajectory = new Trajectory
            {
                Epochs =
                [
                    new()
                    {
                        Epoch = 1,
                        ParameterDigest = "00ff",
                        Values = new Dictionary<string, double> { ["mean.pesq_wb"] = 1.5, ["loss.total"] = 0.1 + 0.2 },
                        Unavailable = Absence.Of("discriminatorLoss", "stepped on none of 2 batches"),
                        Utterances = Utterances(("p 1", 1.25, -3), ("p\"2", 1.75, null)),
                    },
                    new()
                    {
                        Epoch = 2,
                        Values = new Dictionary<string, double> { ["mean.pesq_wb"] = 1.625, ["loss.total"] = 0.25 },
                        Utterances = Utterances(),
                    },
                ],
            },
        };

    public static Trajectory With(int epoch, string name, double value, Trajectory? trajectory = null) =>
        Change(trajectory ?? Sample().Trajectory, epoch, e =>
            e with
            {
                Values = e.Values.Where(v => v.Key != name).Append(new(name, value)).ToDictionary(),
            }
        );

    public static Trajectory Change(Trajectory trajectory, int epoch, Func<TrajectoryEpoch, TrajectoryEpoch> change) =>
        new() { Epochs = [.. trajectory.Epochs.Select(e => e.Epoch == epoch ? change(e) : e)] };

    public static Dictionary<string, IReadOnlyDictionary<string, double>> Utterances(
        params (string Name, double Pesq, double? SiSdr)[] utterances
    ) =>
        utterances.ToDictionary(
            u => u.Name,
            u =>
                (IReadOnlyDictionary<string, double>)(
                    u.SiSdr is { } s
                        ? new Dictionary<string, double> { ["pesq_wb"] = u.Pesq, ["si_sdr"] = s }
                        : new Dictionary<string, double> { ["pesq_wb"] = u.Pesq }
                )
        );
}
