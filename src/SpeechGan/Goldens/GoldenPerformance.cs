using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>A figure of what a training costs.</summary>
/// <param name="Name"><see cref="GoldenPerformance.StepTime"/> or <see cref="GoldenPerformance.PeakMemory"/>.</param>
/// <param name="Value">Calibration loops a step, or bytes.</param>
/// <param name="Allowed">How much more is allowed on the same host, as a share of the value; null where no bound was measured.</param>
/// <param name="Cause">The measured spread that the bound comes from, or why there is none.</param>
public sealed record PerformanceFigure(string Name, double Value, double? Allowed, string Cause);

/// <summary>
/// What a golden's training cost: step time and peak of memory. They have a rule of their own (<see cref="PerformanceComparison"/>): never
/// equal to the bit, judged on the same host alone.
/// </summary>
public sealed record GoldenPerformance
{
    /// <summary>Median over the steady window of a step's processor time over that of the calibration loop beside it.</summary>
    public const string StepTime = "stepTime";

    /// <summary>Largest resident memory over the training less what was resident before, bytes.</summary>
    public const string PeakMemory = "peakMemory";

    /// <summary>Name of the table of bounds beside the goldens.</summary>
    public const string BoundsFile = "performance.txt";

    /// <summary>Steps that the steady window needs.</summary>
    public const int FewestSteps = 3;

    private const int WarmEpochs = 1; // the first epoch pays for compiling and for pages

    /// <summary>Nothing was measured.</summary>
    public static GoldenPerformance None { get; } = new();

    /// <summary>Figures in ordinal order of their names.</summary>
    public IReadOnlyList<PerformanceFigure> Figures
    {
        get;
        init => field = [.. value.OrderBy(f => f.Name, StringComparer.Ordinal)];
    } = [];

    /// <summary>Why a figure is absent.</summary>
    public IReadOnlyDictionary<string, string> Unavailable
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.None;

    /// <summary>The figures of a measured training.</summary>
    /// <param name="run">Its record.</param>
    /// <param name="bounds">Bounds, shares of a figure by its name.</param>
    public static GoldenPerformance Of(RunRecord run, Tolerances bounds)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(bounds);
        if (run.Performance is not { } measured)
            return None;

        var firstSteady = run.Epochs.FirstOrDefault(e => e.Epoch == WarmEpochs)?.LastStep + 1 ?? long.MaxValue;
        double[] ratios =
        [
            .. measured.Steps.Where(s => s.Step >= firstSteady && s.LoopSeconds > 0).Select(s => s.CpuSeconds / s.LoopSeconds).Order(),
        ];
        var figures = new List<PerformanceFigure>();
        var unavailable = measured.Unavailable.ToDictionary();
        if (ratios.Length < FewestSteps)
            unavailable[StepTime] = string.Create(
                CultureInfo.InvariantCulture,
                $"{ratios.Length} steps after the first epoch were measured; at least {FewestSteps} are needed"
            );
        else
            figures.Add(Figure(StepTime, (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2));

        if (measured.PeakMemory is { } peak)
            figures.Add(Figure(PeakMemory, peak));

        return new GoldenPerformance { Figures = figures, Unavailable = unavailable };

        PerformanceFigure Figure(string name, double value) =>
            bounds.All.FirstOrDefault(b => b.Name == name) is { } bound
                ? new PerformanceFigure(name, value, bound.Allowed, bound.Cause)
                : new PerformanceFigure(name, value, null, $"no bound was measured (golden spread --performance, {BoundsFile})");
    }

    /// <summary>Of each figure the smaller of both: other load on the machine only ever adds.</summary>
    public GoldenPerformance Least(GoldenPerformance other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            Figures = [.. Figures.Select(f => other.Figures.FirstOrDefault(o => o.Name == f.Name) is { } o && o.Value < f.Value ? o : f)],
        };
    }

    /// <summary>A figure in its unit.</summary>
    public static string InUnit(string name, double value) =>
        name == PeakMemory
            ? string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:F1} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{value:F2} calibration loops a step");
}
