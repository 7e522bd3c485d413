using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>Values of steps, thinned to means of neighbours where there are more than an eye can tell apart.</summary>
internal static class StepCurve
{
    /// <summary>Most points of a curve.</summary>
    public const int MostPoints = 400;

    /// <summary>Steps that are one point together.</summary>
    public static int Block(int steps) => Math.Max(1, (steps + MostPoints - 1) / MostPoints);

    /// <summary>Places and, for each value asked for, its means; a mean leaves out steps without a value, and is absent where none has
    /// one.</summary>
    public static (IReadOnlyList<double> X, IReadOnlyList<IReadOnlyList<double?>> Values) Of(
        RunRecord run,
        params Func<StepTelemetry, double?>[] values
    )
    {
        var places = new EpochAxis(run).Steps;
        // Ascending whatever a damaged record holds: the charts need it.
        var blocks = Enumerable.Range(0, run.Steps.Count).OrderBy(i => places[i]).Chunk(Block(run.Steps.Count)).ToList();
        return (
            [.. blocks.Select(b => places[b[^1]])],
            [
                .. values.Select(value =>
                    (IReadOnlyList<double?>)[.. blocks.Select(b => b.Select(i => Finite(value(run.Steps[i]))).Average())]
                ),
            ]
        );
    }

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
