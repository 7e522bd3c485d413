using SpeechGan.Statistics;

namespace SpeechGan.Metrics;

/// <summary>Two enhanced versions of one utterance, scored against the same clean signal.</summary>
/// <param name="Name">The utterance.</param>
/// <param name="First">Scores of the first version.</param>
/// <param name="Second">Scores of the second version.</param>
/// <param name="Unstable">Whether PESQ of either version jumps for inaudible noise; null where that was not measured.</param>
public sealed record PairedScores(string Name, ScoreSet First, ScoreSet Second, bool? Unstable = null)
{
    /// <summary>Second minus first; null where either has no value.</summary>
    public double? Difference(Metric metric) =>
        First[metric].TryGet(out double first) && Second[metric].TryGet(out double second) ? second - first : null;
}

/// <summary>One metric of two versions, over the utterances where both have a value.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="First">Mean of the first versions; null where no utterance has both values.</param>
/// <param name="Second">Mean of the second versions; null where no utterance has both values.</param>
/// <param name="Difference">Mean of second minus first with its interval; null where no utterance has both values.</param>
/// <param name="Missing">Number of utterances left out because a value is missing.</param>
public sealed record MetricDifference(Metric Metric, double? First, double? Second, MeanEstimate? Difference, int Missing)
{
    /// <summary>What the difference says: `better`, `worse`, `cannot be told from zero`, or why nothing can be said.</summary>
    public string Verdict =>
        Difference switch
        {
            null => "no utterance has both values",
            { TellsFromZero: null } => Difference.NoInterval!,
            { TellsFromZero: false } => "cannot be told from zero",
            _ => Difference.Mean > 0 == Metric.HigherIsBetter ? "better" : "worse",
        };
}

/// <summary>A paired comparison of two enhanced versions of the same utterances.</summary>
/// <param name="Leading">The metric by whose change the utterances are ordered: wide-band PESQ, or narrow-band where no utterance has the
/// other.</param>
/// <param name="Pairs">The largest change of the leading metric first; utterances without that change last, by name.</param>
/// <param name="Differences">Every metric, in the order of <see cref="Metric.All"/>.</param>
public sealed record ScoreComparison(Metric Leading, IReadOnlyList<PairedScores> Pairs, IReadOnlyList<MetricDifference> Differences)
{
    /// <summary>Compares; the order of the pairs does not matter.</summary>
    public static ScoreComparison Of(IReadOnlyCollection<PairedScores> pairs, long seed)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Metric leading = pairs.Any(p => p.Difference(Metric.PesqWideBand) is not null) ? Metric.PesqWideBand : Metric.PesqNarrowBand;
        return new ScoreComparison(
            leading,
            [
                .. pairs
                    .OrderByDescending(p => Math.Abs(p.Difference(leading) ?? 0))
                    .ThenByDescending(p => p.Difference(leading).HasValue)
                    .ThenBy(p => p.Name, StringComparer.Ordinal),
            ],
            [.. Metric.All.AsParallel().AsOrdered().Select(metric => Of(metric, pairs, seed))]
        );
    }

    private static MetricDifference Of(Metric metric, IReadOnlyCollection<PairedScores> pairs, long seed)
    {
        PairedScores[] both = [.. pairs.Where(p => p.Difference(metric) is not null)];
        int missing = pairs.Count - both.Length;
        return both.Length == 0
            ? new MetricDifference(metric, null, null, null, missing)
            : new MetricDifference(
                metric,
                SampleMean.Of([.. both.Select(p => p.First[metric].Value)]),
                SampleMean.Of([.. both.Select(p => p.Second[metric].Value)]),
                Bootstrap.Estimate([.. both.Select(p => p.Difference(metric)!.Value)], seed),
                missing
            );
    }
}
