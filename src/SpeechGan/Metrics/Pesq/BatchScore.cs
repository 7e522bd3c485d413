using System.Collections.Immutable;

namespace SpeechGan.Metrics;

/// <summary>The results of a batch, one for every pair and in their order.</summary>
/// <param name="Results">Value or reason of every pair.</param>
public sealed record BatchScore(ImmutableArray<MetricResult> Results)
{
    /// <summary>Number of pairs.</summary>
    public int Count => Results.Length;

    /// <summary>Number of pairs that have a value.</summary>
    public int Scored => Results.Count(r => r.HasValue);

    /// <summary>How many pairs have no value, by reason; reasons that did not occur are absent.</summary>
    public ImmutableSortedDictionary<UnscorableReason, int> Unscorable =>
        Results.Where(r => !r.HasValue).GroupBy(r => r.Unscorable!.Value).ToImmutableSortedDictionary(g => g.Key, g => g.Count());

    /// <summary>Mean over the pairs that have a value; a reason where there is none.</summary>
    public MetricResult Mean()
    {
        double sum = 0;
        int count = 0;
        foreach (MetricResult result in Results)
        {
            if (!result.TryGet(out double value))
                continue;
            sum += value;
            count++;
        }

        return count > 0
            ? MetricResult.Of(sum / count)
            : MetricResult.None(UnscorableReason.Undefined, $"None of the {Count} pairs of the batch has a value.");
    }
}
