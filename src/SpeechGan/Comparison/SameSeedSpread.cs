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
            "the spread of one seed was not measured; a scenario's tolerances give it (--scenario NAME), or repeated runs of A (--repeat N)"
        );

    /// <summary>The spread of runs of one seed and one configuration.</summary>
    /// <param name="run">A run.</param>
    /// <param name="repeats">The same again.</param>
    public static SameSeedSpread Of(RunRecord run, IReadOnlyList<RunRecord> repeats)
    {
        var spread = new TrajectorySpread();
        var first = Trajectory.Of(run);
        foreach (var repeat in repeats)
            spread.Add(first, Trajectory.Of(repeat), string.Create(CultureInfo.InvariantCulture, $"seed {repeat.Info.Seed}"));
        return new SameSeedSpread(
            spread.Tolerances("compare --repeat"),
            spread.Largest.Count == 0
                ? $"{repeats.Count + 1} runs of one seed are equal to the bit: nothing but equality is within their spread"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ToleranceTable.Factor} x the largest distances of {repeats.Count + 1} runs of one seed"
                )
        );
    }
}
