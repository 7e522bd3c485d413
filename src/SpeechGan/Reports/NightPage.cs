using System.Globalization;
using System.Text.Json;
using SpeechGan.Goldens;

namespace SpeechGan.Reports;

/// <summary>A night as one HTML file that needs no network: suites, goldens and their trends, open regressions, the power of the
/// checks.</summary>
public static class NightPage
{
    /// <summary>Name of the file in a night's folder.</summary>
    public const string FileName = "night.html";

    private const int MostFailures = 50;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const double Megabyte = 1e6;

    // What is measured where it is asked for alone: a night without it has no empty chart of it.
    private static readonly (string Name, string Title, string Unit, double Per, bool Always)[] Followed =
    [
        ("mean.pesq_wb", "PESQ", "PESQ, MOS-LQO", 1, true),
        ("mean.si_sdr", "SI-SDR", "SI-SDR, dB", 1, true),
        ("trainingRate", "training rate", "batches stepped / seen", 1, true),
        (GoldenTrend.PerformancePrefix + GoldenPerformance.StepTime, "step time", "calibration loops a step", 1, false),
        (GoldenTrend.PerformancePrefix + GoldenPerformance.PeakMemory, "peak memory", "MB above the start", Megabyte, false),
    ];

    /// <summary>Builds the page.</summary>
    public static string Of(NightInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Chart[] charts = [.. Charts(input.Trend)];
        var page = new HtmlText();
        page.AddMarkup(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                    + "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
            )
            .AddMarkup(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
                    + "'unsafe-inline'; img-src data:\">\n<link rel=\"icon\" href=\"data:,\">\n"
            )
            .Add($"<title>SpeechGan night of {input.MadeAt.UtcDateTime:yyyy-MM-dd}</title>\n<style>\n")
            .AddMarkup(Assets.Text("uPlot.min.css"))
            .AddMarkup("\n")
            .AddMarkup(Assets.Text("report.css"))
            .AddMarkup("</style>\n</head>\n<body>\n")
            .AddMarkup("<a class=\"skip\" href=\"#suites\">Skip to the suites</a>\n<header>\n")
            .Add($"<h1>SpeechGan night of {input.MadeAt.UtcDateTime:yyyy-MM-dd}</h1>\n")
            .AddMarkup(
                "<nav aria-label=\"Sections\"><a href=\"#suites\">Suites</a> <a href=\"#regressions\">Regressions</a> <a "
                    + "href=\"#goldens\">Goldens</a> <a href=\"#power\">Power</a></nav>\n</header>\n<main>\n"
            );
        if (input.Summary.Count > 0)
            page.Add($"<p><strong>{input.Summary[^1]}</strong></p>\n");

        foreach (var problem in input.Problems)
            page.Add($"<p class=\"absent\">{problem}</p>\n");

        Suites(page, input.Suites);
        Regressions(page, input.Regressions);
        Goldens(page, input.Trend, charts);
        page.AddMarkup("<section id=\"power\">\n<h2>Power of the checks</h2>\n");
        NightPower.Add(page, input.Power);
        page.AddMarkup("</section>\n<section id=\"summary\">\n<h2>Summary</h2>\n")
            .Add($"<pre>{string.Join('\n', input.Summary)}</pre>\n")
            .AddMarkup("</section>\n</main>\n<footer>")
            .Add($"<p>Made {input.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by speechgan {input.MadeBy}. Charts: uPlot 1.6.32.</p>\n")
            .AddMarkup("<details><summary>Licence of uPlot</summary><pre>")
            .Add($"{Assets.Text("uPlot.LICENSE.txt")}")
            .AddMarkup("</pre></details></footer>\n")
            .AddMarkup($"<script type=\"application/json\" id=\"{ReportPage.ChartsId}\">")
            .AddMarkup(JsonSerializer.Serialize<IEnumerable<Chart>>(charts, Json))
            .AddMarkup("</script>\n<script>\n")
            .AddMarkup(Assets.Text("uPlot.iife.min.js"))
            .AddMarkup("</script>\n<script>\n")
            .AddMarkup(Assets.Text("report.js"))
            .AddMarkup("</script>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void Suites(HtmlText page, IReadOnlyList<NightSuite> suites)
    {
        page.AddMarkup(
            "<section id=\"suites\">\n<h2>Suites</h2>\n<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th "
                + "scope=\"col\">Suite</th><th scope=\"col\">Passed</th><th scope=\"col\">Failed</th><th scope=\"col\">Skipped</th><th "
                + "scope=\"col\">Seconds</th></tr></thead><tbody>\n"
        );
        foreach (var suite in suites)
            _ = suite.Absent is { } why
                ? page.Add($"<tr><th scope=\"row\">{suite.Name}</th><td colspan=\"4\">could not run: {why}</td></tr>\n")
                : page.Add($"<tr><th scope=\"row\">{suite.Name}</th><td>{suite.Passed}</td><td>{suite.Failures.Count}</td>")
                    .Add(
                        $"<td>{suite.Skipped}</td><td>{suite.Seconds?.ToString("F0", CultureInfo.InvariantCulture) ?? "none"}</td></tr>\n"
                    );

        page.AddMarkup("</tbody></table></div>\n");
        foreach (var suite in suites.Where(s => s.Failures.Count > 0))
        {
            page.Add($"<h3>{suite.Name}: what failed</h3>\n");
            foreach (var failure in suite.Failures.Take(MostFailures))
                page.Add($"<details><summary>{failure.Name}</summary><pre>{failure.Message}</pre></details>\n");

            if (suite.Failures.Count > MostFailures)
                page.Add($"<p>{suite.Failures.Count - MostFailures} more are in its log.</p>\n");
        }

        page.AddMarkup("</section>\n");
    }

    private static void Regressions(HtmlText page, IReadOnlyList<Regression> regressions)
    {
        Regression[] open = [.. regressions.Where(r => r.IsOpen)];
        page.Add($"<section id=\"regressions\">\n<h2>Open regressions: {open.Length}</h2>\n");
        foreach (var regression in open)
            page.Add($"<p>{regression.InWords}</p>\n");

        page.Add($"<p>Closed ones in the ledger: {regressions.Count - open.Length}.</p>\n</section>\n");
    }

    private static void Goldens(HtmlText page, IReadOnlyList<GoldenTrendEntry> trend, IReadOnlyList<Chart> charts)
    {
        page.AddMarkup("<section id=\"goldens\">\n<h2>Goldens</h2>\n");
        if (trend.Count == 0)
        {
            page.AddMarkup("<p class=\"absent\">No night is recorded yet.</p>\n</section>\n");
            return;
        }

        var last = trend.Max(e => e.When);
        page.AddMarkup(
            "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Golden</th><th scope=\"col\">State</th><th "
                + "scope=\"col\">PESQ</th><th scope=\"col\">SI-SDR</th></tr></thead><tbody>\n"
        );
        foreach (var entry in trend.Where(e => e.When == last))
            page.Add($"<tr><th scope=\"row\">{entry.Golden}</th><td>{State(entry.State)}</td>")
                .Add($"<td>{Value(entry, "mean.pesq_wb")}</td><td>{Value(entry, "mean.si_sdr")}</td></tr>\n");

        page.AddMarkup(
            "</tbody></table></div>\n<noscript><p class=\"absent\">Charts need JavaScript.</p></noscript>\n<div class=\"charts\">\n"
        );
        foreach (var chart in charts)
        {
            page.Add($"<figure class=\"chart\"><figcaption><h3>{chart.Title}</h3><p>{chart.Caption}</p></figcaption>");
            _ = chart.Absent is { } reason
                ? page.Add($"<p class=\"absent\">{reason}</p>")
                : page.Add($"<div class=\"plot\" id=\"chart-{chart.Id}\" role=\"img\"")
                    .Add($" aria-label=\"{chart.Title}: {chart.YLabel} over {chart.XLabel}\"></div>");
            page.AddMarkup("</figure>\n");
        }

        page.AddMarkup("</div>\n</section>\n");
    }

    // A chart a scenario and value, a series a seed; nights by their distance from the first.
    private static IEnumerable<Chart> Charts(IReadOnlyList<GoldenTrendEntry> trend)
    {
        if (trend.Count == 0)
            yield break;

        var first = trend.Min(e => e.When);
        var number = 0;
        foreach (var scenario in trend.GroupBy(e => Scenario(e.Golden)))
        {
            foreach (var (name, title, unit, per, _) in Followed.Where(f => f.Always || scenario.Any(e => e.Last.ContainsKey(f.Name))))
            {
                DateTimeOffset[] nights = [.. scenario.Select(e => e.When).Distinct().Order()];
                yield return new Chart
                {
                    Id = string.Create(CultureInfo.InvariantCulture, $"trend-{number++}"),
                    Title = $"{scenario.Key}: {title}",
                    Caption = string.Create(
                        CultureInfo.InvariantCulture,
                        $"After the last epoch; {nights.Length} night{(nights.Length == 1 ? "" : "s")}, "
                            + $"the last {nights[^1].UtcDateTime:yyyy-MM-dd}."
                    ),
                    XLabel = string.Create(CultureInfo.InvariantCulture, $"days since {first.UtcDateTime:yyyy-MM-dd}"),
                    YLabel = unit,
                    Tables =
                    [
                        .. scenario
                            .GroupBy(e => e.Golden)
                            .Select(
                                (golden, i) =>
                                    new ChartTable(
                                        [.. nights.Select(n => (n - first).TotalDays)],
                                        [
                                            new ChartSeries(
                                                golden.Key,
                                                [
                                                    .. nights.Select(n =>
                                                        golden.LastOrDefault(e => e.When == n) is { } e
                                                        && e.Last.TryGetValue(name, out var v)
                                                            ? v / per
                                                            : (double?)null
                                                    ),
                                                ],
                                                i,
                                                i,
                                                ChartStyle.LineAndPoints
                                            ),
                                        ]
                                    )
                            ),
                    ],
                }.OrAbsent("No night has this value.");
            }
        }
    }

    private static string Scenario(string golden) =>
        golden.LastIndexOf("-seed-", StringComparison.Ordinal) is > 0 and var at ? golden[..at] : golden;

    private static string State(GoldenState state) =>
        state switch
        {
            GoldenState.Equal => "equal to the bit",
            GoldenState.WithinTolerance => "within tolerance",
            GoldenState.Differs => "differs",
            GoldenState.NotApproved => "not approved",
            GoldenState.OtherTolerances => "other tolerances",
            GoldenState.Costlier => "holds, but costs more",
            _ => "unsound",
        };

    private static string Value(GoldenTrendEntry entry, string name) =>
        entry.Last.TryGetValue(name, out var value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "none";
}
