using System.Globalization;
using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>What runs of one seed may differ by without a change of the training: a scenario's golden tolerances, or repeated runs of
/// A.</summary>
/// <param name="Tolerances">Allowed distances; null where none were measured.</param>
/// <param name="Source">Where they come from, or why there are none.</param>
public sealed record SameSeedSpread(Tolerances? Tolerances, string Source)
{
    /// <summary>No spread is known.</summary>
    public static SameSeedSpread Unmeasured { get; } =
        new(
            null,
            "the spread of one seed was not measured; a scenario's tolerances give it (--scenario NAME), repeated runs of A (--repeat N), "
                + "or for run folders further ones of A's seed (--same-seed RUN)"
        );

    /// <summary>Of imported runs none can be known.</summary>
    public static SameSeedSpread Imported { get; } =
        new(
            null,
            "not measurable from these two: an imported record tells neither its seed nor how far runs of one seed lie apart; further "
                + "runs of "
                + "A's seed give it (--same-seed RUN)"
        );

    /// <summary>The spread of runs of one seed and one configuration.</summary>
    /// <param name="run">A run.</param>
    /// <param name="repeats">The same again.</param>
    /// <param name="option">Option of compare that they come from.</param>
    public static SameSeedSpread Of(RunRecord run, IReadOnlyList<RunRecord> repeats, string option = "--repeat")
    {
        var spread = new TrajectorySpread();
        var first = ImportedTrajectory.Of(run);
        foreach (var (repeat, i) in repeats.Select((r, i) => (r, i)))
            spread.Add(
                first,
                ImportedTrajectory.Of(repeat),
                string.Create(CultureInfo.InvariantCulture, $"{(repeat.Info.Seed is { } seed ? $"seed {seed}" : $"run {i + 2}")}")
            );
        return new SameSeedSpread(
            spread.Tolerances("compare " + option),
            spread.Largest.Count == 0
                ? $"{repeats.Count + 1} runs of one seed are equal to the bit: nothing but equality is within their spread"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ToleranceTable.Factor} x the largest distances of {repeats.Count + 1} runs of one seed"
                )
        );
    }
}
