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

    /// <summary>Distance at each step, from the first that differs on; means of <see cref="MeansOf"/> steps where that is set.</summary>
    public required IReadOnlyList<GrowthPoint> Points { get; init; }

    /// <summary>How many steps each point is the mean of, which stands at the first of them; null where each step has its point.</summary>
    public int? MeansOf { get; init; }

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
                    + $"{Unit} {Points[^1].Step}; it doubles every {steps:G2} {Unit}s{Thinning}."
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The distance of {Field} is {Points[0].Relative:G2} at {Unit} {Points[0].Step} and {Points[^1].Relative:G2} at "
                    + $"{Unit} {Points[^1].Step}: {NotGrowing}{Thinning}."
            );

    private string Thinning => MeansOf is { } steps ? string.Create(CultureInfo.InvariantCulture, $" (means of {steps} {Unit}s)") : "";

    /// <summary>Measures it.</summary>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="field">Path of a number in the step's line.</param>
    /// <returns>Null where the field differs at no step, or is not a number.</returns>
    internal static DifferenceGrowth? Of(RunRecord a, RunRecord b, string field) => Of(field, "step", Steps(a, field), Steps(b, field));

    /// <summary>Measures it over epochs: for a field of their lines.</summary>
    internal static DifferenceGrowth? OfEpochs(RunRecord a, RunRecord b, string field) =>
        Of(field, "epoch", Series(a.Epochs, e => e.Epoch, field), Series(b.Epochs, e => e.Epoch, field));

    private static DifferenceGrowth? Of(string field, string unit, KeyedValues<long> ofA, KeyedValues<long> ofB)
    {
        Thinned.Release(ofA.Count);
        var all = new List<GrowthPoint>();
        foreach (var (at, x, y) in ofA.With(ofB))
            if (!double.IsNaN(x) && !double.IsNaN(y) && (all.Count > 0 || x != y))
                all.Add(new GrowthPoint(at, x == y ? 0 : Math.Abs(x - y) / Math.Max(Math.Abs(x), Math.Abs(y))));
        if (all.Count == 0)
            return null;
        var width = Thinned.Width(all.Count);
        IReadOnlyList<GrowthPoint> points =
            width == 1 ? all : [.. all.Chunk(width).Select(c => new GrowthPoint(c[0].Step, c.Average(p => p.Relative)))];
        var growth = new DifferenceGrowth
        {
            Field = field,
            Unit = unit,
            Points = points,
            MeansOf = width == 1 ? null : width,
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

    private static KeyedValues<long> Steps(RunRecord run, string field)
    {
        if (StepNumbers.Reader(field) is not { } read)
            return Series(run.Steps, s => s.Step, field);
        var series = new KeyedValues<long>(Comparer<long>.Default, run.Rows.Count);
        foreach (var row in run.Rows)
            series.Add(row.Step, read(row) ?? double.NaN);
        return series;
    }

    // No record holds NaN: here it is a line without the number, which takes the place of an earlier line of the same step.
    private static KeyedValues<long> Series<T>(IReadOnlyList<T> lines, Func<T, long> at, string field)
    {
        var series = new KeyedValues<long>(Comparer<long>.Default);
        foreach (var line in lines)
            series.Add(at(line), RecordedField.Of(line).FirstOrDefault(f => f.Path == field).Number ?? double.NaN);
        return series;
    }
}
