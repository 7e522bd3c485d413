using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>How one golden stood one night: a line of the trend file. Where a run stays within its tolerance night after night, the trend
/// shows whether it creeps.</summary>
public sealed record GoldenTrendEntry
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset When { get; init; }

    /// <summary>SpeechGan's version, with the commit where it is known.</summary>
    public required string Version { get; init; }

    /// <summary>The golden.</summary>
    public required string Golden { get; init; }

    /// <summary>How it stood.</summary>
    public required GoldenState State { get; init; }

    /// <summary>Values after the last epoch, by name (<c>mean.pesq_wb</c>, <c>mean.si_sdr</c>, <c>loss.total</c>, <c>trainingRate</c>);
    /// absent where the run has none, or did not run.</summary>
    public required IReadOnlyDictionary<string, double> Last { get; init; }
}

/// <summary>The file of nights, JSON lines; lines are added and never changed.</summary>
public static class GoldenTrend
{
    private const int NightsShown = 5;

    /// <summary>How the names of performance figures begin in <see cref="GoldenTrendEntry.Last"/>.</summary>
    public const string PerformancePrefix = "performance.";

    private static readonly string[] Followed = ["mean.pesq_wb", "mean.si_sdr", "loss.total", "trainingRate"];

    /// <summary>What a check's result adds.</summary>
    public static GoldenTrendEntry Of(GoldenCheckResult result, string version, DateTimeOffset when)
    {
        ArgumentNullException.ThrowIfNull(result);
        var last = result.Received?.Trajectory.Epochs is [.., var epoch] ? epoch.Values : Absence.Ordered<double>([]);
        return new GoldenTrendEntry
        {
            When = when,
            Version = version,
            Golden = result.Golden.GoldenName,
            State = result.State,
            Last = Absence.Ordered(last.Where(v => Followed.Contains(v.Key)).Concat(Costs(result))),
        };
    }

    // Of the comparisons, which hold what this training was measured at; a golden's own figures are no news.
    private static IEnumerable<KeyValuePair<string, double>> Costs(GoldenCheckResult result) =>
        result
            .Performance.Where(c => c.Received is not null)
            .Select(c => KeyValuePair.Create(PerformancePrefix + c.Name, c.Received!.Value));

    /// <summary>Adds a night. A line that was torn by a kill is ended first, so that the next is not glued to it.</summary>
    /// <exception cref="GoldenException">It cannot be written.</exception>
    public static void Append(string path, IReadOnlyList<GoldenTrendEntry> night, IRunStorage? storage = null)
    {
        storage ??= DiskStorage.Instance;
        try
        {
            if (storage.FileExists(path) && storage.Length(path) > JsonLines.WholeLength(storage, path))
                storage.Truncate(path, JsonLines.WholeLength(storage, path));

            storage.Append(path, JsonLines.Encode(night));
            storage.Sync(path);
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw new GoldenException($"Cannot add to the trend '{path}': {GoldenException.Why(e)}.", e);
        }
    }

    /// <summary>All nights in the file's order; lines that cannot be read are named.</summary>
    /// <exception cref="GoldenException">It cannot be read.</exception>
    public static (IReadOnlyList<GoldenTrendEntry> Entries, IReadOnlyList<string> Problems) Read(string path, IRunStorage? storage = null)
    {
        var problems = new List<string>();
        try
        {
            return (JsonLines.Read<GoldenTrendEntry>(storage ?? DiskStorage.Instance, path, problems), problems);
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw new GoldenException($"Cannot read the trend '{path}': {GoldenException.Why(e)}.", e);
        }
    }

    /// <summary>Mean PESQ after the last epoch, a golden a line and the last nights as columns, a mark where a golden did not
    /// hold.</summary>
    public static IReadOnlyList<string> Table(IReadOnlyList<GoldenTrendEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        DateTimeOffset[] nights = [.. entries.Select(e => e.When).Distinct().Order().TakeLast(NightsShown)];
        if (nights.Length == 0)
            return ["No night is recorded yet."];

        string[] goldens = [.. entries.Where(e => e.When >= nights[0]).Select(e => e.Golden).Distinct()];
        var width = Math.Max(6, goldens.Max(g => g.Length));
        return
        [
            $"{"golden".PadRight(width)}"
                + $"{string.Concat(nights.Select(n => n.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture).PadLeft(14)))}{"change", 10}",
            .. goldens.Select(golden =>
            {
                GoldenTrendEntry?[] row = [.. nights.Select(n => entries.LastOrDefault(e => e.When == n && e.Golden == golden))];
                double[] values = [.. row.Select(Pesq).OfType<double>()];
                var change = values.Length > 1 ? (values[^1] - values[0]).ToString("+0.0000;-0.0000;0", CultureInfo.InvariantCulture) : "";
                return $"{golden.PadRight(width)}{string.Concat(row.Select(e => Cell(e).PadLeft(14)))}{change, 10}".TrimEnd();
            }),
            "mean PESQ after the last epoch; ! = did not hold",
        ];

        static double? Pesq(GoldenTrendEntry? entry) =>
            entry is not null && entry.Last.TryGetValue("mean.pesq_wb", out var pesq) ? pesq : null;

        static string Cell(GoldenTrendEntry? entry) =>
            entry is null
                ? "none "
                : (Pesq(entry)?.ToString("F4", CultureInfo.InvariantCulture) ?? "none")
                    + (entry.State is GoldenState.Equal or GoldenState.WithinTolerance ? " " : "!");
    }
}
