using System.Globalization;
using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Comparison;

/// <summary>
/// Quantities of two records of which one was imported: where utterances or steps tell nothing, the means that both records tell of their
/// last common epoch. One mean a side has no interval: it is shown, and judged only where both are equal.
/// </summary>
internal static class ImportedQuantities
{
    /// <summary>The quantities with means in place of what was not measured, and further metrics that both records tell.</summary>
    /// <param name="quantities">As utterances and steps tell them.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    public static IReadOnlyList<QuantityDifference> Of(IReadOnlyList<QuantityDifference> quantities, RunRecord a, RunRecord b)
    {
        var metrics = Metrics(a).Intersect(Metrics(b)).Order(StringComparer.Ordinal).ToList();
        return
        [
            .. quantities.Select(q => q.Difference is null ? OfMeans(q.Name, a, b) ?? q : q),
            .. metrics.Where(m => quantities.All(q => q.Name != m)).Select(m => OfMeans(m, a, b)).OfType<QuantityDifference>(),
        ];
    }

    private static IEnumerable<string> Metrics(RunRecord run) => run.Epochs.SelectMany(e => e.Validation?.Mean.Keys ?? []).Distinct();

    private static QuantityDifference? OfMeans(string name, RunRecord a, RunRecord b)
    {
        var (ofA, ofB) = (ByEpoch(a, name), ByEpoch(b, name));
        int[] common = [.. ofA.Keys.Intersect(ofB.Keys)];
        if (common.Length == 0)
            return null;
        var epoch = common.Max();
        var (x, y) = (ofA[epoch], ofB[epoch]);
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"one value a side, that of epoch {epoch}; how far utterances and seeds scatter is not recorded"
        );
        return new QuantityDifference
        {
            Name = name,
            MeanOfA = x,
            MeanOfB = y,
            Difference = new MeanEstimate(y - x, 1, null, null, reason),
            Pairs = "mean",
            Verdict = x.Equals(y) ? QuantityVerdict.Equal : QuantityVerdict.Unmeasured,
            Reason = reason,
        };
    }

    private static Dictionary<int, double> ByEpoch(RunRecord run, string name)
    {
        var values = new Dictionary<int, double>();
        foreach (var epoch in run.Epochs)
            if ((name == "trainingRate" ? epoch.TrainingRate : Mean(epoch, name)) is { } value)
                values[epoch.Epoch] = value;
        return values;
    }

    private static double? Mean(EpochTelemetry epoch, string metric) =>
        epoch.Validation is { } validation && validation.Mean.TryGetValue(metric, out var mean) ? mean : null;
}
