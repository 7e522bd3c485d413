using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>Every utterance before training, in its first, best and last epoch, and the changes; the page's script sorts by any
/// column.</summary>
internal static class UtteranceTable
{
    private sealed record Column(string Title, Func<UtteranceCourse, double?> Of, Func<UtteranceCourse, string?> Why, string Format);

    public static string Of(ReportRun run, bool several)
    {
        var html = new HtmlText();
        if (several)
            html.Add($"<h3>{run.Label}</h3>\n");

        var splits = run
            .Record.Evaluations.Select(e => e.Split)
            .Distinct()
            .OrderByDescending(s => s == RecordName.Valid)
            .ThenBy(s => s, StringComparer.Ordinal)
            .ToList();
        if (splits.Count == 0)
        {
            var why = run.Record.Info.Import is { } import
                ? $"Single utterances are not recorded by {import.Writer}."
                : "No utterance was evaluated yet.";
            html.Add($"<p class=\"absent\">{why}</p>\n");
        }

        foreach (var split in splits)
            Add(html, run.Record, split);

        return html.ToString();
    }

    private static void Add(HtmlText html, RunRecord run, string split)
    {
        var rows = UtteranceCourse.Of(run, split);
        var epochs = run.EpochsEvaluated(split).Where(e => e > 0).ToList();
        var best = UtteranceCourse.BestEpoch(run, split);
        var columns = Columns(epochs, best);
        html.Add($"<h4>{split}: {rows.Count} utterances</h4>\n<p>{Told(epochs, best)}</p>\n");
        html.AddMarkup(
            "<div class=\"scroll\" tabindex=\"0\"><table class=\"sortable\"><thead><tr><th scope=\"col\"><button "
                + "type=\"button\">Utterance</button></th>"
        );
        foreach (var column in columns)
            html.Add($"<th scope=\"col\"><button type=\"button\">{column.Title}</button></th>");

        html.AddMarkup("</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            html.Add($"<tr><th scope=\"row\">{row.Name}</th>");
            foreach (var column in columns)
            {
                if (column.Of(row) is { } value)
                    html.Add($"<td data-value=\"{value:R}\">{value.ToString(column.Format, CultureInfo.InvariantCulture)}</td>");
                else
                    html.Add($"<td class=\"absent\" title=\"{column.Why(row)}\">none</td>");
            }

            html.AddMarkup("</tr>\n");
        }

        html.AddMarkup("</tbody></table></div>\n");
        AddReasons(html, rows);
    }

    private static void AddReasons(HtmlText html, IReadOnlyList<UtteranceCourse> rows)
    {
        var reasons = rows.SelectMany(r =>
                new[] { r.Noisy, r.First, r.Best, r.Last }
                    .OfType<UtteranceEvaluation>()
                    .Distinct()
                    .SelectMany(e =>
                        e.Unavailable.Where(u =>
                                u.Key.EndsWith(UtteranceCourse.Pesq, StringComparison.Ordinal)
                                || u.Key.EndsWith(UtteranceCourse.SiSdr, StringComparison.Ordinal)
                            )
                            .Select(u => $"{r.Name}, epoch {e.Epoch}, {u.Key}: {u.Value}")
                    )
            )
            .ToList();
        if (reasons.Count == 0)
            return;

        html.Add($"<details><summary>{reasons.Count} values could not be measured</summary><ul>\n");
        foreach (var reason in reasons)
            html.Add($"<li>{reason}</li>\n");

        html.AddMarkup("</ul></details>\n");
    }

    private static List<Column> Columns(List<int> epochs, int? best)
    {
        var columns = new List<Column>();
        foreach (var (title, metric, format) in new[] { ("PESQ", UtteranceCourse.Pesq, "F3"), ("SI-SDR", UtteranceCourse.SiSdr, "F2") })
        {
            var change =
                "+"
                + new string('0', 1)
                + format switch
                {
                    "F3" => ".000",
                    _ => ".00",
                };
            change = change + ";-" + change[1..] + ";" + change[1..];
            Of($"{title} noisy", r => r.Noisy, UtteranceCourse.NoisyPrefix + metric);
            if (epochs.Count > 1)
            {
                Of($"{title} first", r => r.First, metric);
                Of($"{title} best", r => r.Best, metric);
            }

            Of(epochs.Count > 1 ? $"{title} last" : $"{title} enhanced", r => r.Last, metric);
            Difference(
                epochs.Count > 1 ? $"{title} last \u2212 noisy" : $"{title} change",
                r => r.Noisy,
                UtteranceCourse.NoisyPrefix + metric
            );
            if (epochs.Count > 1)
            {
                Difference($"{title} last \u2212 first", r => r.First, metric);
                Difference($"{title} last \u2212 best", r => r.Best, metric);
            }

            void Of(string name, Func<UtteranceCourse, UtteranceEvaluation?> of, string key) =>
                columns.Add(new Column(name, r => UtteranceCourse.Value(of(r), key), r => Why(of(r), key), format));

            void Difference(string name, Func<UtteranceCourse, UtteranceEvaluation?> from, string key) =>
                columns.Add(
                    new Column(
                        name,
                        r => UtteranceCourse.Value(r.Last, metric) - UtteranceCourse.Value(from(r), key),
                        r => Why(r.Last, metric) ?? Why(from(r), key),
                        change
                    )
                );
        }

        return columns;
    }

    private static string? Why(UtteranceEvaluation? evaluation, string key)
    {
        if (evaluation is null)
            return "not evaluated in that epoch";
        if (UtteranceCourse.Value(evaluation, key) is not null)
            return null;
        return evaluation.Unavailable.GetValueOrDefault(key) ?? "not recorded";
    }

    private static string Told(List<int> epochs, int? best) =>
        epochs.Count switch
        {
            0 => "Only the noisy sides were scored yet.",
            1 => string.Create(CultureInfo.InvariantCulture, $"Evaluated once, with the weights of epoch {epochs[0]}."),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"First is epoch {epochs[0]}, best "
                    + $"{(best is { } b ? $"epoch {b} (of the means of PESQ)" : "none, since PESQ has no value")}, "
                    + $"last epoch {epochs[^1]}. Largest changes first."
            ),
        };
}
