using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>What a run's state is and what the theories say of it, confirmed causes first.</summary>
internal static class VerdictSection
{
    public static string Of(ReportRun run, bool several)
    {
        var html = new HtmlText();
        var findings = run.Verdict.Findings;
        if (several)
        {
            html.Add($"<h3>{run.Label}</h3>\n");
        }

        html.Add($"<p class=\"headline\">{Headline(findings)}</p>\n<p class=\"state\">{State(run.Record)}</p>\n");
        foreach (var problem in run.Record.Problems)
        {
            html.Add($"<p class=\"problem\">{problem}</p>\n");
        }

        foreach (var finding in findings.Where(f => f.Outcome != FindingOutcome.NotMeasured))
        {
            Add(html, finding);
        }

        var unmeasured = findings.Where(f => f.Outcome == FindingOutcome.NotMeasured).ToList();
        if (unmeasured.Count > 0)
        {
            html.Add($"<details{(findings.Count == unmeasured.Count ? " open" : "")}><summary>{Count(unmeasured.Count, "theory was", "theories were")} not measured</summary>\n");
            foreach (var finding in unmeasured)
            {
                Add(html, finding);
            }

            html.AddMarkup("</details>\n");
        }

        if (findings.Count == 0)
        {
            html.AddMarkup("<p class=\"absent\">No theory was asked.</p>\n");
        }

        return html.ToString();
    }

    /// <summary>Word of an outcome.</summary>
    public static string Word(FindingOutcome outcome) => outcome == FindingOutcome.NotMeasured ? "not measured" : outcome.ToString().ToLowerInvariant();

    private static void Add(HtmlText html, Finding finding)
    {
        // A sign beside the colour: outcomes differ without colours too.
        var sign = finding.Outcome switch
        {
            FindingOutcome.Confirmed => "\u25B2",
            FindingOutcome.Suspected => "\u25B3",
            FindingOutcome.Rejected => "\u2713",
            FindingOutcome.Inconclusive => "?",
            _ => "\u2013",
        };
        html.Add($"<article class=\"finding {Word(finding.Outcome).Replace(' ', '-')}\"><h4><span class=\"outcome\">{sign} {Word(finding.Outcome)}</span> {finding.Id}")
            .Add($"{(finding.SinceEpoch is { } since ? $", since epoch {since}" : "")}</h4>\n<p>{finding.Sentence}</p>\n<dl>");
        if (finding is { Observed: { } observed, Threshold: { } threshold })
        {
            html.Add($"<dt>{finding.Measure}</dt><dd>{observed:G5} against {threshold:G5}{(finding.Rule is { } rule ? $": {rule}" : "")}</dd>");
        }

        html.Add($"<dt>Threshold from</dt><dd>{finding.ThresholdSource}</dd>");
        if (finding.NextAction.Length > 0)
        {
            html.Add($"<dt>Next</dt><dd class=\"next\">{finding.NextAction}</dd>");
        }

        html.AddMarkup("</dl></article>\n");
    }

    private static string Headline(IReadOnlyList<Finding> findings)
    {
        int Of(FindingOutcome outcome) => findings.Count(f => f.Outcome == outcome);
        string Names(FindingOutcome outcome) => string.Join(", ", findings.Where(f => f.Outcome == outcome).Select(f => f.Id));
        return Of(FindingOutcome.Confirmed) > 0 ? $"{Count(Of(FindingOutcome.Confirmed), "cause is", "causes are")} confirmed: {Names(FindingOutcome.Confirmed)}."
            : Of(FindingOutcome.Suspected) > 0 ? $"No cause is confirmed; suspected: {Names(FindingOutcome.Suspected)}."
            : Of(FindingOutcome.Inconclusive) > 0 ? $"No cause is confirmed; left open: {Names(FindingOutcome.Inconclusive)}."
            : Of(FindingOutcome.Rejected) > 0 ? $"No cause was found: {Count(Of(FindingOutcome.Rejected), "theory is", "theories are")} rejected by the numbers."
            : "Nothing could be judged: no theory was measured.";
    }

    private static string State(RunRecord run)
    {
        var info = run.Info;
        var state = info.Status switch
        {
            RunStatus.Running => "Running: this page shows what was recorded when it was made",
            RunStatus.Completed => "Completed",
            RunStatus.Failed => $"Failed ({info.Why?.TrimEnd('.') ?? "no reason was recorded"})",
            _ => $"Interrupted ({info.Why?.TrimEnd('.') ?? "no reason was recorded"})",
        };
        var planned = run.Config is { } config ? string.Create(CultureInfo.InvariantCulture, $" of {config.Train.Epochs}") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{state}. Run {info.Id}: {run.Epochs.Count}{planned} epochs and {run.Steps.Count} steps recorded; started {info.Started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
            + (info.Ended is { } ended ? string.Create(CultureInfo.InvariantCulture, $", ended {ended.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.") : ", no end recorded.");
    }

    private static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
