using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Reports;

/// <summary>A value of steps at the places of a curve: the mean of neighbours, and the lowest and the highest of them where they are
/// several.</summary>
/// <param name="Mean">Mean at each place; absent where no step there has a value.</param>
/// <param name="Low">Lowest; null where each place is one step.</param>
/// <param name="High">Highest; null where each place is one step.</param>
internal sealed record ThinnedCurve(IReadOnlyList<double?> Mean, IReadOnlyList<double?>? Low, IReadOnlyList<double?>? High)
{
    /// <summary>The curve as a series of a chart.</summary>
    public ChartSeries Series(string label, int colour, int dash) =>
        new(label, Mean, colour, dash, ChartStyle.Thin) { Low = Low, High = High };
}

/// <summary>Values of steps, thinned to means, lowest and highest values of neighbours where there are more than an eye can tell
/// apart.</summary>
internal static class StepCurve
{
    /// <summary>Most points of a curve.</summary>
    public const int MostPoints = 400;

    /// <summary>Steps that are one point together.</summary>
    public static int Block(int steps) => Math.Max(1, (steps + MostPoints - 1) / MostPoints);

    /// <summary>Places and, for each value asked for, its curve; steps without a value are left out of it.</summary>
    public static (IReadOnlyList<double> X, IReadOnlyList<ThinnedCurve> Curves) Of(RunRecord run, params Func<StepRow, double?>[] values)
    {
        var axis = new EpochAxis(run);
        var steps = axis.Steps.Zip(run.Rows);
        var block = Block(run.Rows.Count);
        var x = new List<double>();
        List<double?>[][] curves = [.. values.Select(_ => new[] { new List<double?>(), [], [] })];
        // Ascending whatever a damaged record holds: the charts need it.
        foreach (var part in (axis.IsAscending ? steps : steps.OrderBy(s => s.First)).Chunk(block))
        {
            x.Add(part[^1].First);
            for (var i = 0; i < values.Length; i++)
            {
                double?[] own = [.. part.Select(s => Finite(values[i](s.Second)))];
                curves[i][0].Add(own.Average());
                curves[i][1].Add(own.Min());
                curves[i][2].Add(own.Max());
            }
        }

        return (x, [.. curves.Select(c => new ThinnedCurve(c[0], block > 1 ? c[1] : null, block > 1 ? c[2] : null))]);
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
