namespace SpeechGan.Reports;

/// <summary>What a page says of a run that another trainer made: what it is, what a test of the network settles, and what to measure next,
/// with the line that records it.</summary>
internal static class ImportSection
{
    // A chart's name without its number, and a theory that needs what the chart would show.
    private static readonly Dictionary<string, string> Needs = new(StringComparer.Ordinal)
    {
        ["rate"] = "discriminator-starved",
        ["judgement"] = "discriminator-blind",
        ["correlation"] = "discriminator-blind",
        ["shares"] = "loss-balance",
        ["terms"] = "loss-inconsistent",
        ["loss"] = "loss-jump",
        ["pesq"] = "evaluation-not-comparable",
        ["si-sdr"] = "evaluation-not-comparable",
    };

    /// <summary>The section; empty for a run of this program.</summary>
    public static string Of(ReportRun run)
    {
        if (run.Record.Info.Import is not { } import)
            return "";

        var html = new HtmlText();
        html.Add($"<details open class=\"import\"><summary>Imported as {import.Kind} from {import.Writer}</summary>\n<ul>\n");
        foreach (var file in import.Files)
            html.Add($"<li>{file.Name}: {file.Bytes} bytes, SHA-256 <code>{file.Sha256}</code></li>\n");

        foreach (var field in import.Fields)
            html.Add($"<li>{field.Field} is {field.Source}{(field.Guessed ? ", guessed by its name" : "")}</li>\n");

        foreach (var note in import.Notes)
            html.Add($"<li>{note}</li>\n");

        html.AddMarkup("</ul></details>\n");
        foreach (var settled in run.Verdict.Settled ?? [])
            html.Add($"<article class=\"finding rejected\"><h4><span class=\"outcome\">\u2713 no cause</span> ")
                .Add($"{settled.Claim}</h4>\n<p>{settled.Answer}</p>\n<dl><dt>Settled by a test of the ")
                .Add($"network</dt><dd>{settled.Test}</dd></dl></article>\n");

        if (run.Verdict.Measure is { Count: > 0 } measure)
        {
            html.AddMarkup("<h4>Not recorded: what to measure next, in this order</h4>\n<ol class=\"measure\">\n");
            foreach (var next in measure)
                html.Add($"<li>{char.ToUpperInvariant(next.What[0])}{next.What[1..]}. {next.Meaning} Settles ")
                    .Add($"{string.Join(", ", next.Settles)}.<pre class=\"command\">{next.How}</pre></li>\n");

            html.AddMarkup("</ol>\n");
        }

        return html.ToString();
    }

    /// <summary>A chart that has nothing to draw says how another trainer would record it, where all of its runs are imported.</summary>
    public static Chart Explained(Chart chart, params ReadOnlySpan<ReportRun> runs)
    {
        if (chart.Absent is null)
            return chart;

        foreach (var run in runs)
        {
            if (run.Record.Info.Import is null)
                return chart;
        }

        var numbered = chart.Id.LastIndexOf('-') is > 0 and var at && char.IsAsciiDigit(chart.Id[at + 1]);
        var how = Needs.TryGetValue(numbered ? chart.Id[..chart.Id.LastIndexOf('-')] : chart.Id, out var theory)
            ? runs[0].Verdict.Measure?.FirstOrDefault(m => m.Settles.Contains(theory))?.How
            : null;
        var writer = runs[0].Record.Info.Import!.Writer;
        return chart with { Absent = $"Not recorded by {writer}.{(how is null ? "" : $" To record it: {how}")}" };
    }
}
