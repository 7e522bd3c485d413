using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>Which of the bundled corpus' pairs a scenario uses: the first ones of each part, in ordinal order of their names.</summary>
/// <param name="Train">Pairs to train on.</param>
/// <param name="Valid">Pairs that are scored after every epoch, whole files.</param>
public sealed record ScenarioCorpus(int Train, int Valid)
{
    /// <summary>The selection in words, for a golden's provenance.</summary>
    public string InWords() =>
        string.Create(CultureInfo.InvariantCulture, $"golden/corpus, first {Train} pairs of train and {Valid} of valid");
}

/// <summary>
/// A short training whose trajectory is pinned: data only. Whoever runs it (the command line, the tests) brings the trainer; see
/// <see cref="GoldenCheck"/>.
/// </summary>
public sealed record Scenario
{
    /// <summary>Name, as goldens and the command line have it.</summary>
    public required string Name { get; init; }

    /// <summary>What its goldens pin, in a sentence.</summary>
    public required string Pins { get; init; }

    /// <summary>Preset it begins with.</summary>
    public required string Preset { get; init; }

    /// <summary>Knobs on top of the preset, <c>key=value</c>, later ones winning.</summary>
    public required IReadOnlyList<string> Overrides { get; init; }

    /// <summary>Pairs it uses.</summary>
    public required ScenarioCorpus Corpus { get; init; }

    /// <summary>Whether both networks begin with the weights in <c>golden/networks</c>, whose estimates PESQ can tell apart, or with the
    /// seed's.</summary>
    public bool TrainedStart { get; init; } = true;

    /// <summary>Seeds with a golden each.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Name of a seed's golden: <c>healthy-seed-1</c>.</summary>
    public string GoldenName(long seed) => string.Create(CultureInfo.InvariantCulture, $"{Name}-seed-{seed}");

    /// <summary>The configuration of a seed.</summary>
    /// <param name="seed">Seed.</param>
    /// <param name="further">Further knobs, for measurements and planted faults.</param>
    /// <exception cref="Configuration.ConfigException">A knob is unknown or out of its range.</exception>
    public RunConfig Config(long seed, params IEnumerable<string> further) =>
        RunConfig.Load(Preset, null, [.. Overrides, string.Create(CultureInfo.InvariantCulture, $"seed={seed}"), .. further]);
}
