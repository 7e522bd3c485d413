using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>How far the figures of equal trainings lie apart, as shares: what the bounds of performance rest on.</summary>
public sealed class PerformanceSpread
{
    private readonly SortedDictionary<string, (double Share, string Where)> largest = new(StringComparer.Ordinal);

    /// <summary>By figure the largest value over the smallest one of a seed, less 1, with where it was found.</summary>
    public IReadOnlyDictionary<string, (double Share, string Where)> Largest => largest;

    /// <summary>Adds the trainings of one seed.</summary>
    /// <param name="trainings">Their figures, at least two.</param>
    /// <param name="where">The golden, in words.</param>
    public void Add(IReadOnlyList<GoldenPerformance> trainings, string where)
    {
        ArgumentNullException.ThrowIfNull(trainings);
        foreach (var figures in trainings.SelectMany(t => t.Figures).GroupBy(f => f.Name))
        {
            var (least, most) = (figures.Min(f => f.Value), figures.Max(f => f.Value));
            if (figures.Count() < 2 || least <= 0)
                continue;

            var share = (most / least) - 1;
            if (share > largest.GetValueOrDefault(figures.Key).Share)
                largest[figures.Key] = (
                    share,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{where}: {GoldenPerformance.InUnit(figures.Key, least)} to "
                            + $"{GoldenPerformance.InUnit(figures.Key, most)} in {figures.Count()} trainings"
                    )
                );
        }
    }

    /// <summary>The bounds that follow: <see cref="ToleranceTable.Factor"/> times each share, rounded up to two digits.</summary>
    /// <param name="tool">Command that measured.</param>
    /// <param name="machine">How busy the machine was, in words.</param>
    public Tolerances Bounds(string tool, string machine) =>
        new()
        {
            All =
            [
                .. largest.Select(l => new Tolerance(
                    l.Key,
                    TrajectorySpread.RoundUp(ToleranceTable.Factor * l.Value.Share),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{ToleranceTable.Factor} x {l.Value.Share:G3}, the largest distance of equal trainings, {l.Value.Where}; "
                            + $"{machine} ({tool})"
                    )
                )),
            ],
        };
}
