using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>A row of a report's table: one metric of one utterance in the first epoch that differs.</summary>
/// <param name="Utterance">Utterance.</param>
/// <param name="Metric">Metric.</param>
/// <param name="Expected">Approved value; null where there is none.</param>
/// <param name="Received">Received value; null where there is none.</param>
/// <param name="Allowed">Allowed distance.</param>
/// <param name="Differs">Whether the distance is larger.</param>
public sealed record GoldenReportRow(string Utterance, string Metric, double? Expected, double? Received, double Allowed, bool Differs);

/// <summary>
/// What a person is told of a golden and what was received: what differs first and worst, utterance by utterance, both trajectories as a
/// picture, and what to do. A value; the text is a contract and tested as such.
/// </summary>
public sealed record GoldenReport
{
    /// <summary>The comparison in a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>Facts with their labels, in order: scenario, host, first, worst, also, tolerances.</summary>
    public required IReadOnlyList<(string Label, string Text)> Facts { get; init; }

    /// <summary>Epoch of <see cref="Rows"/>; null where nothing differs.</summary>
    public int? Epoch { get; init; }

    /// <summary>Utterances of that epoch.</summary>
    public required IReadOnlyList<GoldenReportRow> Rows { get; init; }

    /// <summary>The charts' lines, a list a chart.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Charts { get; init; }

    /// <summary>What to do, with labels: reproduce, look, accept.</summary>
    public required IReadOnlyList<(string Label, string Text)> Actions { get; init; }

    /// <summary>Makes it.</summary>
    /// <param name="scenario">The scenario; null for a golden without one.</param>
    /// <param name="golden">The approved golden.</param>
    /// <param name="received">The received one.</param>
    /// <param name="store">Where both lie, for the paths.</param>
    public static GoldenReport Of(Scenario? scenario, Golden golden, Golden received, GoldenStore store)
    {
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(received);
        ArgumentNullException.ThrowIfNull(store);
        var comparison = golden.CompareWith(received.Trajectory, received.Provenance.Host);
        var name = golden.Name;
        var facts = new List<(string, string)>();
        if (scenario is not null)
            facts.Add(("scenario", $"{scenario.Name}, seed {golden.Provenance.Seed}: {scenario.Pins}"));

        facts.Add(
            golden.IsImported ? ("runs", $"{golden.Provenance.Host}; now {received.Provenance.Host}: its tolerances hold")
            : comparison.SameHost ? ("host", "the golden's own: every bit must be equal")
            : ("host", "another than the golden's: its tolerances hold")
        );
        if (golden.Provenance.Corpus != received.Provenance.Corpus)
            facts.Add(("inputs", $"made of {golden.Provenance.Corpus}; now {received.Provenance.Corpus}"));

        if (comparison.Worst is { } worst)
        {
            facts.Add(("first", $"epoch {worst.Epoch}{(worst.Epoch == 0 ? " (before training)" : "")}"));
            facts.Add(("worst", Worst(worst)));
            if (comparison.Divergences.Count > 1)
            {
                string[] others =
                [
                    .. comparison.Divergences.Skip(1).Select(d => d.Metric).Distinct().Where(m => m != worst.Metric).Take(6),
                ];
                facts.Add(
                    (
                        "also",
                        $"{comparison.Divergences.Count} values differ in all{(others.Length == 0 ? "" : ": " + string.Join(", ", others))}"
                    )
                );
            }
        }

        facts.AddRange(
            received.Performance.Figures.Count == 0
                ? []
                : PerformanceComparison.Of(golden, received.Performance, comparison.SameHost).Select(c => ("cost", c.Sentence))
        );
        facts.AddRange(ToleranceChanges(golden.Tolerances, received.Tolerances).Select(c => ("tolerance", c)));
        return new GoldenReport
        {
            Title = comparison.Sentence.Split(". ")[0].TrimEnd('.') + ".",
            Facts = facts,
            Epoch = comparison.FirstDivergentEpoch,
            Rows = comparison.FirstDivergentEpoch is { } first ? RowsOf(comparison, golden, received, first) : [],
            Charts = [.. ChartNames(comparison, golden).Select(n => Chart(n, golden.Trajectory, received.Trajectory))],
            Actions =
            [
                .. golden.IsImported ? Array.Empty<(string, string)>() : [("reproduce", $"speechgan golden check {name}{store.Options}")],
                ("look", $"speechgan golden diff {name}{store.Options}    (files: {store.VerifiedPath(name)}, {store.ReceivedPath(name)})"),
                ("accept", $"speechgan golden approve {name}{store.Options}    (a person, with a reason, never on CI; then commit)"),
            ],
        };
    }

    /// <summary>The report as plain text, lines ending in LF.</summary>
    public string InWords()
    {
        var lines = new List<string> { Title, "" };
        lines.AddRange(Facts.Select(Labelled));
        if (Rows.Count > 0)
        {
            lines.Add("");
            lines.Add(
                string.Create(CultureInfo.InvariantCulture, $"Utterances in epoch {Epoch}{(Epoch == 0 ? " (before training)" : "")}:")
            );
            var width = Math.Max(9, Rows.Max(r => r.Utterance.Length));
            lines.Add($"  {"utterance".PadRight(width)}  {"metric", -14}{"expected", 11}{"received", 11}{"change", 11}{"allowed", 11}");
            lines.AddRange(
                Rows.Select(r =>
                    $"  {r.Utterance.PadRight(width)}  "
                    + $"{r.Metric, -14}{Number(r.Expected), 11}{Number(r.Received), 11}{Change(r), 11}"
                    + $"{r.Allowed.ToString("G3", CultureInfo.InvariantCulture), 11}{(r.Differs ? "  differs" : "")}"
                )
            );
        }

        foreach (var chart in Charts)
        {
            lines.Add("");
            lines.AddRange(chart.Select(l => "  " + l));
        }

        lines.Add("");
        lines.AddRange(Actions.Select(Labelled));
        return string.Concat(lines.Select(l => l.TrimEnd() + "\n"));

        static string Labelled((string Label, string Text) fact) => $"  {fact.Label, -10} {fact.Text}";
    }

    /// <summary>A value of the table.</summary>
    public static string Number(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "none";

    /// <summary>Received minus expected, with its sign.</summary>
    public static string Change(GoldenReportRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row is { Expected: { } expected, Received: { } received }
            ? (received - expected).ToString("+0.0000;-0.0000;0", CultureInfo.InvariantCulture)
            : "none";
    }

    private static string Worst(Divergence worst)
    {
        var times =
            worst.Allowed > 0 && double.IsFinite(worst.Severity)
                ? string.Create(CultureInfo.InvariantCulture, $" ({worst.Severity:F1} times as far)")
                : "";
        var where = worst.Utterance is null ? "" : $" of utterance '{worst.Utterance}'";
        return $"{worst.Metric}{where}: expected {worst.Expected ?? worst.Nothing}, received {worst.Received ?? worst.Nothing}, allowed "
            + $"distance {worst.Allowed.ToString("R", CultureInfo.InvariantCulture)}{times}";
    }

    private static IReadOnlyList<GoldenReportRow> RowsOf(GoldenComparison comparison, Golden golden, Golden received, int epoch)
    {
        var expected = UtterancesOf(golden.Trajectory, epoch);
        var found = UtterancesOf(received.Trajectory, epoch);
        var rows = new List<GoldenReportRow>();
        foreach (var utterance in expected.Keys.Union(found.Keys).Order(StringComparer.Ordinal))
        {
            var (wanted, got) = (expected.GetValueOrDefault(utterance), found.GetValueOrDefault(utterance));
            foreach (var metric in (wanted?.Keys ?? []).Union(got?.Keys ?? []).Order(StringComparer.Ordinal))
                rows.Add(
                    new GoldenReportRow(
                        utterance,
                        metric,
                        Value(wanted, metric),
                        Value(got, metric),
                        comparison.SameHost ? 0 : golden.Tolerances.For("utterance." + metric),
                        comparison.Divergences.Any(d =>
                            d.Epoch == epoch && d.Utterance == utterance && (d.Metric == "utterance." + metric || d.Metric == "utterance")
                        )
                    )
                );
        }

        return rows;

        static double? Value(IReadOnlyDictionary<string, double>? metrics, string name) =>
            metrics is not null && metrics.TryGetValue(name, out var value) ? value : null;
    }

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> UtterancesOf(Trajectory trajectory, int epoch) =>
        trajectory.Epochs.FirstOrDefault(e => e.Epoch == epoch)?.Utterances
        ?? Runs.Absence.Ordered<IReadOnlyDictionary<string, double>>([]);

    // The score in question always, and the value that differs worst, as a mean where it is an utterance's.
    private static IEnumerable<string> ChartNames(GoldenComparison comparison, Golden golden)
    {
        string[] wanted =
        [
            "mean.pesq_wb",
            .. comparison.Worst is { } worst
                ? [worst.Metric.Replace("utterance.", "mean.", StringComparison.Ordinal)]
                : Array.Empty<string>(),
        ];
        return wanted.Distinct().Where(n => golden.Trajectory.Epochs.Any(e => e.Values.ContainsKey(n)));
    }

    private static IReadOnlyList<string> Chart(string name, Trajectory expected, Trajectory received)
    {
        int[] epochs =
        [
            .. expected.Epochs.Concat(received.Epochs).Where(e => e.Values.ContainsKey(name)).Select(e => e.Epoch).Distinct().Order(),
        ];
        return TrajectoryChart.Draw(name, epochs, [.. epochs.Select(n => Value(expected, n))], [.. epochs.Select(n => Value(received, n))]);

        double? Value(Trajectory trajectory, int epoch) =>
            trajectory.Epochs.FirstOrDefault(e => e.Epoch == epoch) is { } found && found.Values.TryGetValue(name, out var value)
                ? value
                : null;
    }

    private static IEnumerable<string> ToleranceChanges(Tolerances before, Tolerances after) =>
        before
            .All.Select(t => t.Name)
            .Union(after.All.Select(t => t.Name))
            .Order(StringComparer.Ordinal)
            .Where(n => before.All.FirstOrDefault(t => t.Name == n) != after.All.FirstOrDefault(t => t.Name == n))
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"{n}: {before.For(n):R} -> {after.For(n):R}"));
}
