using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>The numbers of the charts epoch by epoch, for readers of tables, screens and paper; what was not measured is named with its
/// reason.</summary>
internal static class EpochTable
{
    private static readonly (string Title, string Name, string Format, Func<EpochTelemetry, double?> Of)[] Columns =
    [
        ("PESQ", "validation", "F3", e => Mean(e, UtteranceCourse.Pesq)),
        ("SI-SDR, dB", "validation", "F2", e => Mean(e, UtteranceCourse.SiSdr)),
        ("Loss", "loss", "G4", e => e.Loss.Total),
        ("RI", "loss", "G4", e => e.Loss.Ri),
        ("Magnitude", "loss", "G4", e => e.Loss.Magnitude),
        ("Time", "loss", "G4", e => e.Loss.Time),
        ("GAN", "loss", "G4", e => e.Loss.Gan),
        ("D loss", "discriminatorLoss", "G4", e => e.DiscriminatorLoss),
        ("Training rate", "trainingRate", "P1", e => e.TrainingRate),
        ("D correlation", "discriminatorCorrelation", "F3", e => e.DiscriminatorCorrelation),
        ("D error, MOS", "discriminatorError", "F3", e => e.DiscriminatorError),
    ];

    public static string Of(ReportRun run, bool several)
    {
        var html = new HtmlText();
        html.Add($"<details><summary>Numbers by epoch{(several ? $" of {run.Label}" : "")}</summary>\n");
        if (run.Record.Epochs.Count == 0)
            return html.AddMarkup("<p class=\"absent\">No epoch is complete.</p></details>\n").ToString();

        html.AddMarkup("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Epoch</th>");
        foreach (var column in Columns)
            html.Add($"<th scope=\"col\">{column.Title}</th>");

        html.AddMarkup("</tr></thead><tbody>\n");
        foreach (var epoch in run.Record.Epochs)
        {
            html.Add($"<tr><th scope=\"row\">{epoch.Epoch}</th>");
            foreach (var column in Columns)
                html.AddMarkup(column.Of(epoch) is { } value ? Cell(value, column.Format) : "<td class=\"absent\">none</td>");

            html.AddMarkup("</tr>\n");
        }

        html.AddMarkup("</tbody></table></div>\n");
        var reasons = run
            .Record.Epochs.SelectMany(e => e.Unavailable.Select(u => (u.Key, u.Value, e.Epoch)))
            .GroupBy(u => (u.Key, u.Value))
            .ToList();
        if (run.Record.Config?.HasDiscriminator == false)
            html.AddMarkup("<p>GAN: the term has no weight.</p>\n");

        if (reasons.Count > 0)
        {
            html.AddMarkup("<p>Not measured:</p><ul>\n");
            foreach (var reason in reasons)
            {
                var epochs = (reason.Count() == 1 ? "epoch " : "epochs ") + string.Join(", ", reason.Select(r => r.Epoch));
                html.Add($"<li>{reason.Key.Key}: {reason.Key.Value} ({epochs})</li>\n");
            }

            html.AddMarkup("</ul>\n");
        }

        return html.AddMarkup("</details>\n").ToString();
    }

    private static string Cell(double value, string format) =>
        new HtmlText().Add($"<td>{(format == "P1" ? (value * 100).ToString("F1") + " %" : value.ToString(format))}</td>").ToString();

    private static double? Mean(EpochTelemetry epoch, string metric) =>
        epoch.Validation is { } v && v.Mean.TryGetValue(metric, out var mean) ? mean : null;
}
