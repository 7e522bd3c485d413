using System.Globalization;
using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Comparison;

/// <summary>A distance at one step, or after one epoch.</summary>
/// <param name="Step">Step of the run, from 1; the epoch where <see cref="DifferenceGrowth.Unit"/> says so.</param>
/// <param name="Relative">|A - B| over the larger size of both.</param>
public sealed record GrowthPoint(long Step, double Relative);

/// <summary>How the distance of a value grows over the steps that both runs took.</summary>
public sealed record DifferenceGrowth
{
    /// <summary>Largest p-value of a rise: one series without a trend in a hundred at most is called growing.</summary>
    public const double Significance = 0.01;

    /// <summary>Field.</summary>
    public required string Field { get; init; }

    /// <summary>What the points are counted in: <c>step</c> or <c>epoch</c>.</summary>
    public string Unit { get; init; } = "step";

    /// <summary>Distance at each step, from the first that differs on.</summary>
    public required IReadOnlyList<GrowthPoint> Points { get; init; }

    /// <summary>Steps in which the distance doubles (Theil-Sen slope of its logarithm); null where it does not rise, with the reason in
    /// <see cref="NotGrowing"/>.</summary>
    public double? DoublingSteps { get; init; }

    /// <summary>Why no growth is told; null where it grows.</summary>
    public string? NotGrowing { get; init; }

    /// <summary>The growth in a sentence.</summary>
    public string Sentence =>
        DoublingSteps is { } steps
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The distance of {Field} grows from {Points[0].Relative:G2} at {Unit} {Points[0].Step} to {Points[^1].Relative:G2} at "
                    + $"{Unit} {Points[^1].Step}; it doubles every {steps:G2} {Unit}s."
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The distance of {Field} is {Points[0].Relative:G2} at {Unit} {Points[0].Step} and {Points[^1].Relative:G2} at "
                    + $"{Unit} {Points[^1].Step}: {NotGrowing}."
            );

    /// <summary>Measures it.</summary>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="field">Path of a number in the step's line.</param>
    /// <returns>Null where the field differs at no step, or is not a number.</returns>
    internal static DifferenceGrowth? Of(RunRecord a, RunRecord b, string field) =>
        Of(field, "step", Series(a.Steps, s => s.Step, field), Series(b.Steps, s => s.Step, field));

    /// <summary>Measures it over epochs: for a field of their lines.</summary>
    internal static DifferenceGrowth? OfEpochs(RunRecord a, RunRecord b, string field) =>
        Of(field, "epoch", Series(a.Epochs, e => e.Epoch, field), Series(b.Epochs, e => e.Epoch, field));

    private static DifferenceGrowth? Of(string field, string unit, SortedDictionary<long, double> ofA, SortedDictionary<long, double> ofB)
    {
        var points = new List<GrowthPoint>();
        foreach (var (at, x) in ofA)
        {
            if (!ofB.TryGetValue(at, out var y))
                continue;
            if (points.Count > 0 || x != y)
                points.Add(new GrowthPoint(at, x == y ? 0 : Math.Abs(x - y) / Math.Max(Math.Abs(x), Math.Abs(y))));
        }
        if (points.Count == 0)
            return null;
        var growth = new DifferenceGrowth
        {
            Field = field,
            Unit = unit,
            Points = points,
        };
        GrowthPoint[] positive = [.. points.Where(p => p.Relative > 0)];
        if (positive.Length < 3)
            return growth with { NotGrowing = $"too few {unit}s differ to tell whether it grows" };
        var trend = Trend.Of([.. positive.Select(p => (int)p.Step)], [.. positive.Select(p => Math.Log2(p.Relative))]);
        return trend is { PRises: <= Significance, Slope: > 0 }
            ? growth with
            {
                DoublingSteps = 1 / trend.Slope,
            }
            : growth with
            {
                NotGrowing = string.Create(CultureInfo.InvariantCulture, $"no rise that chance would not give (p = {trend.PRises:G2})"),
            };
    }

    private static SortedDictionary<long, double> Series<T>(IReadOnlyList<T> lines, Func<T, long> at, string field)
    {
        var series = new SortedDictionary<long, double>();
        foreach (var line in lines)
            if (RecordedField.Of(line).FirstOrDefault(f => f.Path == field).Number is { } number)
                series[at(line)] = number;
            else
                series.Remove(at(line));
        return series;
    }
}
