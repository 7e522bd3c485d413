using SpeechGan.Configuration;

namespace SpeechGan.Reports;

/// <summary>Knobs that several runs set differently.</summary>
internal static class DifferenceSection
{
    /// <summary>The section; empty for one run.</summary>
    public static string Of(IReadOnlyList<ReportRun> runs)
    {
        if (runs.Count < 2)
            return "";

        var html = new HtmlText();
        html.AddMarkup("<section id=\"differences\">\n<h2>Configuration differences</h2>\n");
        foreach (var run in runs.Where(r => r.Record.Config is null))
            html.Add($"<p class=\"absent\">{run.Label} has no configuration that can be read: it is not compared.</p>\n");

        var known = runs.Where(r => r.Record.Config is not null).ToList();
        if (known.Count < 2)
            return html.AddMarkup("<p>There is nothing to compare.</p>\n</section>\n").ToString();

        var keys = known.Skip(1).SelectMany(r => known[0].Record.Config!.DifferencesTo(r.Record.Config!)).Select(d => d.Key).ToHashSet();
        if (keys.Count == 0)
            return html.AddMarkup("<p>All options are the same.</p>\n</section>\n").ToString();

        html.AddMarkup("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Knob</th>");
        foreach (var run in known)
            html.Add($"<th scope=\"col\">{run.Label}</th>");

        html.AddMarkup("</tr></thead><tbody>\n");
        foreach (var knob in RunConfig.Keys.Where(k => keys.Contains(k.Key)))
        {
            html.Add($"<tr><th scope=\"row\">{knob.Key}</th>");
            foreach (var run in known)
                html.Add($"<td>{KnobValue.Print(knob.Get(run.Record.Config!))}</td>");

            html.AddMarkup("</tr>\n");
        }

        return html.AddMarkup("</tbody></table></div>\n</section>\n").ToString();
    }
}
