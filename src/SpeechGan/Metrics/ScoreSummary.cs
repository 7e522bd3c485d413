using SpeechGan.Statistics;

namespace SpeechGan.Metrics;

/// <summary>One metric over many pairs.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Estimate">Mean and interval over the pairs that have a value; null where none has one.</param>
/// <param name="Missing">Number of pairs without a value; they are left out of the mean.</param>
public sealed record MetricSummary(Metric Metric, MeanEstimate? Estimate, int Missing);

/// <summary>Means of score sets.</summary>
public static class ScoreSummary
{
    /// <summary>Mean and interval of every metric, in the order of <see cref="Metric.All"/>. The order of the sets does not matter, to the
    /// last bit.</summary>
    public static IReadOnlyList<MetricSummary> Of(IReadOnlyCollection<ScoreSet> scores, long seed)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return
        [
            .. Metric
                .All.AsParallel()
                .AsOrdered()
                .Select(metric =>
                {
                    double[] values = [.. scores.Where(s => s[metric].HasValue).Select(s => s[metric].Value)];
                    return new MetricSummary(
                        metric,
                        values.Length == 0 ? null : Bootstrap.Estimate(values, seed),
                        scores.Count - values.Length
                    );
                }),
        ];
    }
}
