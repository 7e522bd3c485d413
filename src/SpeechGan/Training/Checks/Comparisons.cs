using SpeechGan.Runs;

namespace SpeechGan.Training.Checks;

/// <summary>Comparisons by name, of which the worst is kept, as checks for the record.</summary>
internal sealed class Comparisons
{
    private const double Smallest = 1e-12; // of a loss that is expected to be 0

    private readonly List<ReconstructionCheck> checks = [];

    /// <summary>The checks in the order in which their names came first.</summary>
    public IReadOnlyList<ReconstructionCheck> Checks => checks;

    /// <summary>A number against another, by a share of the latter; a number that is absent because its term has no weight is not
    /// compared.</summary>
    public void Value(string name, double? observed, double expected, double share)
    {
        if (observed is { } found)
            Keep(name, found, expected, Math.Max(share * Math.Abs(expected), Smallest));
    }

    /// <summary>The median distance of numbers that both have; one that only one has counts as far away.</summary>
    public void Median(string name, IEnumerable<(double? Observed, double? Expected)> pairs, double allowed) =>
        Distances(name, pairs, allowed, d => d[d.Count / 2]);

    /// <summary>The largest distance of numbers that both have; one that only one has counts as far away.</summary>
    public void Largest(string name, IEnumerable<(double? Observed, double? Expected)> pairs, double allowed) =>
        Distances(name, pairs, allowed, d => d[^1]);

    /// <summary>The distance of two vectors over the length of the second.</summary>
    public void Distance(string name, double[] observed, double[] expected, double allowed)
    {
        double apart = 0,
            size = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            apart += (observed[i] - expected[i]) * (observed[i] - expected[i]);
            size += expected[i] * expected[i];
        }
        // Where nothing is expected nothing may be there.
        Keep(name, size > 0 ? Math.Sqrt(apart / size) : Math.Sqrt(apart), 0, allowed);
    }

    /// <summary>What is known, and that the rest could not be measured.</summary>
    /// <param name="why">A sentence.</param>
    public IReadOnlyList<ReconstructionCheck> Unavailable(string why) =>
        [
            .. checks,
            new ReconstructionCheck
            {
                Epoch = 1,
                Name = "step/finite",
                Expected = 0,
                Allowed = 0,
                Unavailable = Absence.Of("observed", why),
            },
        ];

    private void Distances(
        string name,
        IEnumerable<(double? Observed, double? Expected)> pairs,
        double allowed,
        Func<List<double>, double> one
    )
    {
        const double far = 1;
        List<double> distances =
        [
            .. pairs
                .Where(p => p.Observed is not null || p.Expected is not null)
                .Select(p => p is ({ } observed, { } expected) ? Math.Abs(observed - expected) : far)
                .Order(),
        ];
        if (distances.Count > 0)
            Keep(name, one(distances), 0, allowed);
    }

    private void Keep(string name, double observed, double expected, double allowed)
    {
        var check = double.IsFinite(observed)
            ? new ReconstructionCheck
            {
                Epoch = 1,
                Name = name,
                Observed = observed,
                Expected = expected,
                Allowed = allowed,
            }
            : new ReconstructionCheck
            {
                Epoch = 1,
                Name = name,
                Expected = expected,
                Allowed = allowed,
                Unavailable = Absence.Of("observed", "it is not finite"),
            };
        var at = checks.FindIndex(c => c.Name == name);
        if (at < 0)
            checks.Add(check);
        else if (Excess(check) > Excess(checks[at]))
            checks[at] = check;
    }

    private static double Excess(ReconstructionCheck check) =>
        check.Observed is { } observed ? Math.Abs(observed - check.Expected) / check.Allowed : double.MaxValue;
}
