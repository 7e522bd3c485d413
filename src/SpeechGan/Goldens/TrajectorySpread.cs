using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>
/// The largest distances, by value, of runs of one seed that differ only in what another machine may have: what tolerances rest on. A value
/// or an outcome that is there in one run only is told as a problem: no tolerance covers it.
/// </summary>
public sealed class TrajectorySpread
{
    private readonly SortedDictionary<string, (double Distance, string Where)> largest = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];

    /// <summary>Largest distance and where it was found, by value as tolerances name it; values that never moved are not named.</summary>
    public IReadOnlyDictionary<string, (double Distance, string Where)> Largest => largest;

    /// <summary>What differs and is not a number, in sentences.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Adds a run.</summary>
    /// <param name="first">The run as it is.</param>
    /// <param name="other">The same seed otherwise.</param>
    /// <param name="setting">What was different, in words, with the seed.</param>
    /// <returns>Largest distances of this run alone, by value; empty where both are equal to the bit.</returns>
    public IReadOnlyDictionary<string, double> Add(Trajectory first, Trajectory other, string setting)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(other);
        var own = new SortedDictionary<string, double>(StringComparer.Ordinal);
        // Without a tolerance every difference is a divergence; the digest is not a number and differs wherever a bit does.
        var bare = new Golden
        {
            Name = "spread",
            Provenance = new Provenance
            {
                Command = "",
                Version = "",
                Date = "",
                Seed = 0,
                Host = "first",
                Corpus = "",
            },
            Trajectory = first,
        };
        foreach (var divergence in bare.CompareWith(other, "other").Divergences)
        {
            if (
                !double.TryParse(divergence.Expected, CultureInfo.InvariantCulture, out var a)
                || !double.TryParse(divergence.Received, CultureInfo.InvariantCulture, out var b)
            )
            {
                problems.Add($"{setting}: {divergence.InWords()}");
                continue;
            }

            var distance = Math.Abs(a - b);
            own[divergence.Metric] = Math.Max(distance, own.GetValueOrDefault(divergence.Metric));
            if (distance > largest.GetValueOrDefault(divergence.Metric).Distance)
                largest[divergence.Metric] = (
                    distance,
                    $"{setting}, epoch {divergence.Epoch}{(divergence.Utterance is null ? "" : $", {divergence.Utterance}")}"
                );
        }

        return own;
    }

    /// <summary>The tolerances that follow: <see cref="ToleranceTable.Factor"/> times each distance, rounded up to two digits.</summary>
    /// <param name="tool">Command that measured.</param>
    public Tolerances Tolerances(string tool) =>
        new()
        {
            All =
            [
                .. largest.Select(l => new Tolerance(
                    l.Key,
                    RoundUp(ToleranceTable.Factor * l.Value.Distance),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{ToleranceTable.Factor} x {l.Value.Distance:G3}, the largest distance, found at {l.Value.Where} ({tool})"
                    )
                )),
            ],
        };

    internal static double RoundUp(double value)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        var text = (Math.Ceiling(value / unit) * unit).ToString("G2", CultureInfo.InvariantCulture);
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
