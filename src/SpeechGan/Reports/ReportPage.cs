using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>
/// The report: one HTML file that needs no network and no other file. Text and tables stand in the page itself; charts are drawn from
/// numbers embedded as JSON.
/// </summary>
public static class ReportPage
{
    /// <summary>Name of the file in a run folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Id of the element with the charts' numbers.</summary>
    internal const string ChartsId = "chart-data";

    // The default encoder escapes <, > and &: nothing in a string can end the element.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Builds the page.</summary>
    /// <exception cref="ArgumentException">There is no run, or not as many lists of signals as runs.</exception>
    public static string Of(ReportInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Runs.Count == 0 || (input.Together is null && input.Listening.Count != input.Runs.Count))
            throw new ArgumentException(
                $"A report has at least one run, and a list of what to listen to for each: {input.Runs.Count} runs, "
                    + $"{input.Listening.Count} lists.",
                nameof(input)
            );

        ReportRun[] runs = [.. input.Runs];
        var charts = new PageCharts(
            [.. new TimeCharts(runs).All().Select(c => ImportSection.Explained(c, runs))],
            [.. runs.Select((r, i) => ImportSection.Explained(RunCharts.Shares(r, i), r))],
            [.. runs.Select((r, i) => ImportSection.Explained(RunCharts.Judgement(r, i), r))],
            ComparisonSection.Growth(input.Comparison)
        );
        var page = new HtmlText();
        AddHead(page, input);
        page.AddMarkup(ComparisonSection.Of(input.Comparison));
        if (charts.Growth is { } growth)
            AddCharts(page, [growth]);
        AddRuns(page, input, charts);
        AddListening(page, input);
        page.AddMarkup(DifferenceSection.Of(input.Runs)).AddMarkup("<section id=\"reproduce\">\n<h2>How to reproduce</h2>\n");
        foreach (var run in input.Runs)
            page.AddMarkup(ReproductionSection.Of(run, runs.Length > 1));
        page.AddMarkup("</section>\n</main>\n");
        AddFoot(page, input, charts);
        return page.ToString();
    }

    private static void AddHead(HtmlText page, ReportInput input)
    {
        var title = $"SpeechGan report: {string.Join(", ", input.Runs.Select(r => r.Label))}";
        page.AddMarkup(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                    + "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
            )
            // Nothing is fetched: neither by mistake nor by anything a file's name might smuggle in.
            .AddMarkup(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
                    + "'unsafe-inline'; img-src data:; media-src data:\">\n"
            )
            .AddMarkup("<link rel=\"icon\" href=\"data:,\">\n")
            .Add($"<title>{title}</title>\n<style>\n")
            .AddMarkup(Assets.Text("uPlot.min.css"))
            .AddMarkup("\n")
            .AddMarkup(Assets.Text("report.css"))
            .AddMarkup("</style>\n</head>\n<body>\n")
            .AddMarkup("<a class=\"skip\" href=\"#verdict\">Skip to the verdict</a>\n<header>\n")
            .Add($"<h1>{title}</h1>\n")
            .AddMarkup("<nav aria-label=\"Sections\">")
            .AddMarkup(input.Comparison is null ? "" : "<a href=\"#comparison\">Comparison</a> ")
            .AddMarkup(
                "<a href=\"#verdict\">Verdict</a> <a href=\"#course\">Course</a> <a href=\"#rate\">Discriminator</a> <a "
                    + "href=\"#gradients\">Gradients</a> <a href=\"#utterances\">Utterances</a> <a href=\"#listen\">Listen</a> "
            )
            .AddMarkup(input.Runs.Count > 1 ? "<a href=\"#differences\">Differences</a> " : "")
            .AddMarkup("<a href=\"#reproduce\">Reproduce</a></nav>\n</header>\n<main>\n");
    }

    private static void AddRuns(HtmlText page, ReportInput input, PageCharts charts)
    {
        var several = input.Runs.Count > 1;
        page.AddMarkup("<section id=\"verdict\">\n<h2>Verdict</h2>\n");
        foreach (var run in input.Runs)
            page.AddMarkup(VerdictSection.Of(run, several));

        page.AddMarkup("</section>\n<section id=\"course\">\n<h2>PESQ and losses over time</h2>\n")
            .AddMarkup(Onsets(input.Runs))
            .AddMarkup("<noscript><p class=\"absent\">Charts need JavaScript; the table of epochs below has the numbers.</p></noscript>\n");
        // One above the other, so that their axes are one.
        AddCharts(page, charts.OverTime.Where(c => c.Id is "pesq" or "loss"), "charts stacked");
        AddCharts(page, charts.OverTime.Where(c => c.Id is "si-sdr" or "terms"));
        foreach (var run in input.Runs)
            page.AddMarkup(EpochTable.Of(run, several));

        page.AddMarkup("</section>\n<section id=\"rate\">\n<h2>Discriminator</h2>\n");
        AddCharts(
            page,
            [
                charts.OverTime.Single(c => c.Id == "rate"),
                .. Labelled(charts.Judgements, input.Runs),
                charts.OverTime.Single(c => c.Id == "correlation"),
            ]
        );
        page.AddMarkup("</section>\n<section id=\"gradients\">\n<h2>Gradient shares</h2>\n");
        AddCharts(page, Labelled(charts.Shares, input.Runs));
        page.AddMarkup("</section>\n<section id=\"utterances\">\n<h2>Utterances</h2>\n");
        foreach (var run in input.Runs)
            page.AddMarkup(UtteranceTable.Of(run, several));
        page.AddMarkup("</section>\n");
    }

    private static void AddListening(HtmlText page, ReportInput input)
    {
        page.AddMarkup("<section id=\"listen\">\n<h2>Listen and look</h2>\n");
        if (input.Together is { } together)
            page.AddMarkup(ListeningSection.Of(null, together));

        for (var i = 0; i < input.Runs.Count && input.Together is null; i++)
            page.AddMarkup(ListeningSection.Of(input.Runs.Count > 1 ? input.Runs[i].Label : null, input.Listening[i]));
        page.AddMarkup("</section>\n");
    }

    private static void AddFoot(HtmlText page, ReportInput input, PageCharts charts) =>
        page.AddMarkup("<footer>")
            .Add($"<p>Made {input.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by speechgan {input.MadeBy}. Charts: uPlot 1.6.32.</p>\n")
            .AddMarkup("<details><summary>Licence of uPlot</summary><pre>")
            .Add($"{Assets.Text("uPlot.LICENSE.txt")}")
            .AddMarkup("</pre></details></footer>\n")
            .AddMarkup($"<script type=\"application/json\" id=\"{ChartsId}\">")
            .AddMarkup(JsonSerializer.Serialize<IEnumerable<Chart>>(charts.All, Json))
            .AddMarkup("</script>\n<script>\n")
            .AddMarkup(Assets.Text("uPlot.iife.min.js"))
            .AddMarkup("</script>\n<script>\n")
            .AddMarkup(Assets.Text("report.js"))
            .AddMarkup("</script>\n</body>\n</html>\n");

    /// <summary>Publishes a page: written aside, renamed into place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="page">Its text.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public static void Save(string path, string page, IRunStorage? storage = null)
    {
        var full = Path.GetFullPath(path);
        StorageGuard.Run("write the report", full, () => (storage ?? DiskStorage.Instance).Publish(full, page));
    }

    /// <summary>All charts of a page, with the runs' names in the titles where there are several.</summary>
    internal static IReadOnlyList<Chart> Charts(IReadOnlyList<ReportRun> runs) =>
        [
            .. new TimeCharts(runs).All().Select(c => ImportSection.Explained(c, [.. runs])),
            .. Labelled([.. runs.Select((r, i) => ImportSection.Explained(RunCharts.Judgement(r, i), r))], runs),
            .. Labelled([.. runs.Select((r, i) => ImportSection.Explained(RunCharts.Shares(r, i), r))], runs),
        ];

    private static IEnumerable<Chart> Labelled(IReadOnlyList<Chart> charts, IReadOnlyList<ReportRun> runs) =>
        runs.Count == 1 ? charts : charts.Select((c, i) => c with { Title = $"{runs[i].Label}: {c.Title}" });

    private static void AddCharts(HtmlText page, IEnumerable<Chart> charts, string kind = "charts")
    {
        page.Add($"<div class=\"{kind}\">\n");
        foreach (var chart in charts)
        {
            page.Add($"<figure class=\"chart\"><figcaption><h3>{chart.Title}</h3>").Add($"<p>{chart.Caption}</p></figcaption>");
            if (chart.Absent is { } reason)
                page.Add($"<p class=\"absent\">{reason}</p>");
            else
                page.Add($"<div class=\"plot\" id=\"chart-{chart.Id}\" role=\"img\" ")
                    .Add($"aria-label=\"{chart.Title}: {chart.YLabel} over {chart.XLabel}\"></div>");

            page.AddMarkup("</figure>\n");
        }

        page.AddMarkup("</div>\n");
    }

    private static string Onsets(IReadOnlyList<ReportRun> runs)
    {
        var found = runs.SelectMany(r => TimeCharts.Onsets(r).Select(f => (Run: r, Finding: f)))
            .OrderBy(o => o.Finding.SinceEpoch)
            .ToList();
        var text = new HtmlText();
        if (found.Count == 0)
            return "<p>No finding has an onset: no epoch is marked.</p>\n";

        text.AddMarkup("<p>Marked onsets:</p>\n<ul>\n");
        foreach (var (run, finding) in found)
        {
            text.Add($"<li>epoch {finding.SinceEpoch}: {finding.Id}{(runs.Count > 1 ? $" ({run.Label})" : "")}</li>\n");
        }

        return text.AddMarkup("</ul>\n").ToString();
    }

    private sealed record PageCharts(Chart[] OverTime, Chart[] Shares, Chart[] Judgements, Chart? Growth)
    {
        public IEnumerable<Chart> All => [.. OverTime, .. Shares, .. Judgements, .. Growth is null ? [] : new[] { Growth }];
    }
}
