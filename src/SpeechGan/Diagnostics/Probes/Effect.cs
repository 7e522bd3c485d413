using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Probes;

/// <summary>How much of a gap an ingredient closes, in one measure.</summary>
public sealed record Effect
{
    /// <summary>The measure: <c>PESQ</c>, <c>SI-SDR, dB</c>, <c>training rate</c>, <c>loss (RI and magnitude)</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>What is missing at the end of the unchanged window, mean over seeds: to the checkpoint's own value, to 1 for the training
    /// rate.</summary>
    public required double Gap { get; init; }

    /// <summary>Whether something is missing: in every seed, and by utterances, where there are enough of them, beyond chance.</summary>
    public required bool IsGap { get; init; }

    /// <summary>Mean over seeds of what the ingredient changes, the same seed with it less without it; towards the gap's closing is
    /// positive.</summary>
    public required double Change { get; init; }

    /// <summary>The smallest and the largest change over the seeds.</summary>
    public required (double Least, double Most) BySeed { get; init; }

    /// <summary>95 % interval of the change over utterances (each the mean of its seeds); null where the measure has none, or too
    /// few.</summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>Share of the gap that is closed; null where nothing is missing.</summary>
    public double? Closed => IsGap ? Change / Gap : null;

    /// <summary>Share of the gap that the seed with the least effect closes; null where nothing is missing.</summary>
    public double? LeastClosed => IsGap ? BySeed.Least / Gap : null;

    /// <summary>The effects of an ingredient in every measure that was taken.</summary>
    /// <param name="before">The checkpoint itself.</param>
    /// <param name="unchanged">Replays of the run as it was.</param>
    /// <param name="changed">Replays with the ingredient; seeds that lack their unchanged replay are left out.</param>
    public static IReadOnlyList<Effect> Of(Replay before, IReadOnlyList<Replay> unchanged, IReadOnlyList<Replay> changed)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(unchanged);
        ArgumentNullException.ThrowIfNull(changed);
        var pairs = changed
            .Select(c => (With: c, Without: unchanged.FirstOrDefault(u => u.Seed == c.Seed)))
            .Where(p => p.Without is not null)
            .Select(p => (p.With, Without: p.Without!))
            .ToList();
        if (pairs.Count == 0)
            return [];

        return
        [
            .. new[]
            {
                ByUtterance("PESQ", before, pairs, r => r.Pesq),
                ByUtterance("SI-SDR, dB", before, pairs, r => r.SiSdr),
                ByRun("training rate", 1, pairs, r => r.TrainingRate, 1),
                ByRun("loss (RI and magnitude)", before.Loss, pairs, r => r.Loss, -1),
            }.OfType<Effect>(),
        ];
    }

    private static Effect? ByUtterance(
        string measure,
        Replay before,
        List<(Replay With, Replay Without)> pairs,
        Func<Replay, IReadOnlyDictionary<string, double>> values
    )
    {
        var names = values(before)
            .Keys.Where(n => pairs.All(p => values(p.With).ContainsKey(n) && values(p.Without).ContainsKey(n)))
            .ToList();
        if (names.Count == 0)
            return null;

        // An utterance is the unit, averaged over its seeds: the same file under three seeds is not three files.
        double[] gaps = [.. names.Select(n => pairs.Average(p => values(before)[n] - values(p.Without)[n]))];
        double[] changes = [.. names.Select(n => pairs.Average(p => values(p.With)[n] - values(p.Without)[n]))];
        double[] gapBySeed = [.. pairs.Select(p => names.Average(n => values(before)[n] - values(p.Without)[n]))];
        double[] bySeed = [.. pairs.Select(p => names.Average(n => values(p.With)[n] - values(p.Without)[n]))];
        var (gap, change) = (Bootstrap.Estimate(gaps, 1), Bootstrap.Estimate(changes, 1));
        return new Effect
        {
            Measure = measure,
            Gap = gap.Mean,
            IsGap = gapBySeed.Min() > 0 && (gap.Low is null || gap.Low > 0),
            Change = change.Mean,
            BySeed = (bySeed.Min(), bySeed.Max()),
            Interval = change is { Low: { } low, High: { } high } ? (low, high) : null,
        };
    }

    private static Effect? ByRun(
        string measure,
        double? target,
        List<(Replay With, Replay Without)> pairs,
        Func<Replay, double?> value,
        int better
    )
    {
        var known = pairs.Where(p => value(p.With) is not null && value(p.Without) is not null).ToList();
        if (target is not { } whole || known.Count == 0)
            return null;

        double[] gaps = [.. known.Select(p => better * (whole - value(p.Without)!.Value))];
        double[] changes = [.. known.Select(p => better * (value(p.With)!.Value - value(p.Without)!.Value))];
        return new Effect
        {
            Measure = measure,
            Gap = gaps.Average(),
            IsGap = gaps.Min() > 0,
            Change = changes.Average(),
            BySeed = (changes.Min(), changes.Max()),
        };
    }
}
