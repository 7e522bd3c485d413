namespace SpeechGan.Data;

/// <summary>One measure of a part's files as a distribution: the middle four fifths and the median.</summary>
/// <param name="Name">Stable name, kebab-case: <c>clean-bandwidth</c>, <c>noisy-floor</c> and so on.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Count">Files that it was measured of.</param>
/// <param name="Low">The tenth of a hundred.</param>
/// <param name="Median">The median.</param>
/// <param name="High">The ninetieth of a hundred.</param>
public sealed record PartMeasure(string Name, string Unit, int Count, double Low, double Median, double High)
{
    private static readonly (string Name, string Unit, Func<PairAudit, double?> Of)[] All =
    [
        ("clean-level", "dB", p => Level(p.Clean)),
        ("noisy-level", "dB", p => Level(p.Noisy)),
        ("clean-floor", "dB", p => Floor(p.Clean)),
        ("noisy-floor", "dB", p => Floor(p.Noisy)),
        ("clean-bandwidth", "Hz", p => p.Clean.Bandwidth),
        ("noisy-bandwidth", "Hz", p => p.Noisy.Bandwidth),
        ("clean-rate", "Hz", p => p.Clean.SampleRate),
        ("noisy-rate", "Hz", p => p.Noisy.SampleRate),
        ("clean-clipped", "%", p => Clipped(p.Clean)),
        ("noisy-clipped", "%", p => Clipped(p.Noisy)),
    ];

    /// <summary>All measures of a part; a measure that no file has is left out.</summary>
    internal static IReadOnlyList<PartMeasure> Of(IReadOnlyList<PairAudit> pairs) =>
        [.. All.Select(m => Of(m.Name, m.Unit, [.. pairs.Select(m.Of).OfType<double>().Order()])).OfType<PartMeasure>()];

    private static PartMeasure? Of(string name, string unit, double[] sorted) =>
        sorted.Length == 0 ? null : new PartMeasure(name, unit, sorted.Length, At(sorted, 0.1), At(sorted, 0.5), At(sorted, 0.9));

    // Linear between the two nearest.
    private static double At(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    private static double? Level(SideMeasures side) => side.RootMeanSquare > 0 ? 20 * Math.Log10(side.RootMeanSquare) : null;

    private static double? Floor(SideMeasures side) => side.Peak == 0 || side.Frames.Count == 0 ? null : side.Frames.Low;

    private static double? Clipped(SideMeasures side) => side.Samples == 0 ? null : 100.0 * side.Clipped / side.Samples;
}
