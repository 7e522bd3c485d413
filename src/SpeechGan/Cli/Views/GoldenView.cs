using System.Globalization;
using Spectre.Console;
using SpeechGan.Goldens;

namespace SpeechGan.Cli.Views;

/// <summary>A report on a screen: tables and colours on a terminal, its own plain text in a pipe.</summary>
internal static class GoldenView
{
    public static void Print(Terminal terminal, GoldenReport report)
    {
        if (!terminal.IsLive)
        {
            foreach (var line in report.InWords().Split('\n'))
                terminal.Line(line);
            return;
        }
        terminal.Console.MarkupLine($"[bold]{Markup.Escape(report.Title)}[/]");
        Facts(terminal, report.Facts);
        if (report.Rows.Count > 0)
        {
            var table = new Table
            {
                Border = TableBorder.Rounded,
                Title = new TableTitle(string.Create(CultureInfo.InvariantCulture, $"epoch {report.Epoch}")),
            };
            table.AddColumns("utterance", "metric");
            foreach (var heading in new[] { "expected", "received", "change", "allowed" })
                table.AddColumn(new TableColumn(heading).RightAligned());
            foreach (var row in report.Rows)
            {
                var colour = row.Differs ? "red" : "default";
                table.AddRow(
                    Markup.Escape(row.Utterance),
                    Markup.Escape(row.Metric),
                    GoldenReport.Number(row.Expected),
                    $"[{colour}]{GoldenReport.Number(row.Received)}[/]",
                    $"[{colour}]{GoldenReport.Change(row)}[/]",
                    row.Allowed.ToString("G3", CultureInfo.InvariantCulture)
                );
            }
            terminal.Table(table);
        }
        foreach (var chart in report.Charts)
        {
            terminal.Console.MarkupLine($"[bold]{Markup.Escape(chart[0])}[/]");
            foreach (var line in chart.Skip(1))
                terminal.Console.MarkupLine(Coloured(line));
        }
        Facts(terminal, report.Actions);
    }

    /// <summary>What would be the first golden of its name.</summary>
    /// <param name="terminal">Terminal.</param>
    /// <param name="name">Its name.</param>
    /// <param name="pins">What it pins, in words.</param>
    /// <param name="received">What was received.</param>
    public static void PrintFirst(Terminal terminal, string name, string pins, Golden received)
    {
        terminal.Line($"Golden '{name}' would be the first of its name: {pins}");
        foreach (var metric in Trajectory.FollowedMetrics.Select(m => "mean." + m))
        {
            TrajectoryEpoch[] epochs = [.. received.Trajectory.Epochs.Where(e => e.Values.ContainsKey(metric))];
            foreach (
                var line in TrajectoryChart.Draw(
                    metric,
                    [.. epochs.Select(e => e.Epoch)],
                    [.. epochs.Select(_ => (double?)null)],
                    [.. epochs.Select(e => (double?)e.Values[metric])]
                )
            )
                terminal.Line("  " + line);
        }
        terminal.Line(
            received.IsImported
                ? $"  tolerances: {received.Tolerances.All.Count}"
                : $"  tolerances on other hosts: "
                    + $"{received.Tolerances.All.Count}"
                    + $"{(received.Tolerances.All.Count == 0 ? " (none measured: run tools/pin-goldens first)" : "")}"
        );
    }

    /// <summary>A divergence for machines; a severity without bound is absent.</summary>
    public static object Json(Divergence d) =>
        new
        {
            d.Epoch,
            d.Metric,
            d.Utterance,
            d.Expected,
            d.Received,
            d.Allowed,
            d.NotMeasured,
            severity = double.IsFinite(d.Severity) ? d.Severity : (double?)null,
        };

    private static void Facts(Terminal terminal, IReadOnlyList<(string Label, string Text)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (label, text) in facts)
            grid.AddRow($"[grey]{Markup.Escape(label)}[/]", Markup.Escape(text));
        terminal.Console.Write(grid);
    }

    // Expected green, received red, both yellow; only right of the axis, where the marks are.
    private static string Coloured(string line)
    {
        var axis = line.IndexOf('|', StringComparison.Ordinal);
        return axis < 0
            ? Markup.Escape(line)
            : Markup.Escape(line[..(axis + 1)])
                + string.Concat(
                    line[(axis + 1)..]
                        .Select(c =>
                            c switch
                            {
                                TrajectoryChart.Expected => "[green]*[/]",
                                TrajectoryChart.Received => "[red]o[/]",
                                TrajectoryChart.Both => "[yellow]@[/]",
                                _ => Markup.Escape(c.ToString()),
                            }
                        )
                );
    }
}
