using System.Globalization;
using SpeechGan.Comparison;

namespace SpeechGan.Reports;

/// <summary>What comparing two sides came to, at the head of a page with both runs.</summary>
internal static class ComparisonSection
{
    /// <summary>The section; empty where no comparison was made.</summary>
    public static string Of(RunComparison? comparison)
    {
        if (comparison is null)
            return "";

        var html = new HtmlText();
        html.AddMarkup("<section id=\"comparison\">\n<h2>Comparison</h2>\n")
            .Add($"<p><strong>{comparison.Sentence}</strong></p>\n<ul>\n<li>A is {comparison.A}, B is {comparison.B}.</li>\n");
        foreach (var growth in comparison.Told.Growth)
            html.Add($"<li>{growth.Sentence}</li>\n");

        if (comparison.Trace is { } trace)
            html.Add($"<li>{trace.Sentence}</li>\n");

        html.Add($"<li>Spread of one seed: {comparison.Spread}.</li>\n");
        foreach (var note in comparison.Notes)
            html.Add($"<li>{note}</li>\n");

        html.AddMarkup("</ul>\n").AddMarkup(Pairs(comparison)).AddMarkup(Quantities(comparison)).AddMarkup(Beyond(comparison));
        return html.AddMarkup("</section>\n").ToString();
    }

    private static string GrowthInWords(string unit, int? meansOf) =>
        $"Relative distance of A and B at each {unit}, as a power of ten{(meansOf is { } many ? $", as means of {many} {unit}s" : "")}; "
        + $"{unit}s at which both are equal leave a gap.";

    /// <summary>The growth of the distances over the steps; null where nothing differs.</summary>
    public static Chart? Growth(RunComparison? comparison) =>
        comparison is null || comparison.Told.Growth.Count == 0
            ? null
            : new Chart
            {
                Id = "growth",
                Title = "How the difference grows",
                Caption = GrowthInWords(comparison.Told.Growth[0].Unit, comparison.Told.Growth.Max(g => g.MeansOf)),
                XLabel = comparison.Told.Growth[0].Unit,
                YLabel = "log10 of the relative distance",
                Tables =
                [
                    .. comparison.Told.Growth.Select(
                        (g, i) =>
                            new ChartTable(
                                [.. g.Points.Select(p => (double)p.Step)],
                                [
                                    new ChartSeries(
                                        g.Field,
                                        [.. g.Points.Select(p => p.Relative > 0 ? Math.Log10(p.Relative) : (double?)null)],
                                        i,
                                        i,
                                        ChartStyle.LineAndPoints
                                    ),
                                ]
                            )
                    ),
                ],
            };

    private static string Pairs(RunComparison comparison)
    {
        var html = Table("Seeds", "seed", "outcome", "first difference", "values that differ");
        foreach (var pair in comparison.Pairs)
            html.Add($"<tr><th scope=\"row\">{Seed(pair)}</th><td>{pair.Outcome.ToString().ToLowerInvariant()}</td>")
                .Add($"<td class=\"text\">{pair.First?.InWords() ?? "none"}</td><td>{pair.Count}</td></tr>\n");

        return html.AddMarkup("</tbody></table></div>\n").ToString();
    }

    private static string Seed(PairComparison pair) => pair.Seed?.ToString(CultureInfo.InvariantCulture) ?? "not recorded";

    private static string Quantities(RunComparison comparison)
    {
        var html = Table(
            "What differs by more than seeds do",
            "quantity",
            "A",
            "B",
            "B - A",
            "95 % interval",
            "pairs",
            "two seeds differ by",
            ""
        );
        foreach (var q in comparison.Quantities)
        {
            var interval = q.Difference is { Low: { } low, High: { } high }
                ? $"{DifferenceText.Signed(low)} to {DifferenceText.Signed(high)}"
                : "none";
            html.Add($"<tr><th scope=\"row\">{q.Name}</th><td>{DifferenceText.Number(q.MeanOfA)}</td>")
                .Add($"<td>{DifferenceText.Number(q.MeanOfB)}</td>")
                .Add($"<td>{(q.Difference is { } d ? DifferenceText.Signed(d.Mean) : "none")}</td><td>{interval}</td>")
                .Add($"<td>{(q.Difference is { } e ? $"{e.Count} {q.Pairs}" : "none")}</td>")
                .Add($"<td>{DifferenceText.Number(q.SeedSpread)}</td><td class=\"text\">{q.InWords}</td></tr>\n");
        }

        return html.AddMarkup("</tbody></table></div>\n").ToString();
    }

    private static string Beyond(RunComparison comparison)
    {
        if (comparison.Told.Beyond is not { Count: > 0 } beyond)
            return "";

        var html = Table("Beyond the spread of one seed", "epoch", "value", "A", "B", "allowed distance");
        foreach (var value in beyond)
            html.Add($"<tr><td>{value.Epoch}</td>")
                .Add($"<th scope=\"row\">{(value.Utterance is { } u ? $"{u}: " : "")}{value.Metric}</th>")
                .Add($"<td>{value.Expected ?? "none"}</td><td>{value.Received ?? "none"}</td><td>{value.Allowed:R}</td></tr>\n");

        return html.AddMarkup("</tbody></table></div>\n").ToString();
    }

    private static HtmlText Table(string heading, params string[] columns)
    {
        var html = new HtmlText();
        html.Add($"<h3>{heading}</h3>\n").AddMarkup("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>");
        foreach (var column in columns)
            html.Add($"<th scope=\"col\">{column}</th>");

        return html.AddMarkup("</tr></thead><tbody>\n");
    }
}
