using System.Security.Cryptography;
using SpeechGan.Regression;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>
/// The scenario `healthy`: two short epochs of a small network on real pairs, whole files validated. Six steps in all, on purpose: the
/// difference of two machines grows with every step, and a tolerance that had to hold after a hundred would let a fault through.
/// </summary>
internal static class ShortEpoch
{
    /// <summary>Seeds with a golden each.</summary>
    public static IReadOnlyList<int> Seeds { get; } = [1, 2, 3];

    /// <summary>Pairs of the bundled corpus' parts, the first ones.</summary>
    public static Workplace Place() => new(train: 8, valid: 2, test: 0);

    /// <summary>The knobs on top of preset tiny.</summary>
    public static IReadOnlyList<string> Knobs { get; } =
    [
        "model.channels=4", "model.heads=2", "model.blocks=1", "discriminator.features=2",
        "data.trainCutSeconds=0.5", "data.batchSize=2", "train.epochs=2", "train.stepsPerEpoch=3", "train.threads=1", "evaluation.cut=full", "evaluation.everyEpochs=1",
    ];

    /// <summary>Name of a seed's golden.</summary>
    public static string NameOf(int seed) => $"healthy-seed-{seed}";

    /// <summary>The configuration of a seed.</summary>
    public static RunConfig Config(int seed) => RunConfig.Load("tiny", null, [.. Knobs, $"seed={seed}"]);

    /// <summary>A run as a golden that could be approved.</summary>
    public static Golden Golden(RunRecord run, int seed) => new()
    {
        Name = NameOf(seed),
        Provenance = new Provenance
        {
            Command = "SPEECHGAN_ACCEPT=1 dotnet test tests/Regression --filter FullyQualifiedName~ShortEpoch",
            Version = typeof(RunConfig).Assembly.GetName().Version!.ToString(3),
            Date = run.Info.Started.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            Seed = seed,
            Corpus = $"golden/corpus, first 8 pairs of train and 2 of valid (SHA256SUMS {CorpusDigest()})",
            Host = run.Info.Host!.InWords(),
        },
        Tolerances = ShortEpochTolerances.All,
        Trajectory = Trajectory.Of(run),
    };

    private static string CorpusDigest() =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Repository.PathOf("golden", "corpus", "SHA256SUMS"))))[..16];
}
