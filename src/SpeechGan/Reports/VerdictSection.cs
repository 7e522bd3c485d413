using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>What a run's state is and what the theories say of it, confirmed causes first.</summary>
internal static class VerdictSection
{
    private const int MostConcerns = 10;

    public static string Of(ReportRun run, bool several)
    {
        var html = new HtmlText();
        var findings = run.Verdict.Findings;
        if (several)
            html.Add($"<h3>{run.Label}</h3>\n");

        html.Add($"<p class=\"headline\">{run.Verdict.Summary}</p>\n<p class=\"state\">{State(run.Record)}</p>\n");
        foreach (var problem in run.Record.Problems)
            html.Add($"<p class=\"problem\">{problem}</p>\n");

        html.AddMarkup(ImportSection.Of(run));
        var speaking = findings.Where(f => f.Outcome is not (FindingOutcome.Rejected or FindingOutcome.NotMeasured)).ToList();
        foreach (var finding in speaking)
            Add(html, finding);

        Folded(
            html,
            [.. findings.Where(f => f.Outcome == FindingOutcome.Rejected)],
            open: false,
            "theory is rejected",
            "theories are rejected"
        );
        Folded(
            html,
            [.. findings.Where(f => f.Outcome == FindingOutcome.NotMeasured)],
            open: findings.All(f => f.Outcome == FindingOutcome.NotMeasured),
            "theory was not measured",
            "theories were not measured"
        );
        if (run.Verdict.Probe is { } probe)
        {
            html.Add($"<h4>Probed by replaying {probe.Window}</h4>\n");
            foreach (var finding in probe.Findings)
                Add(html, finding);
        }

        AddPath(html, run.Verdict.Path);
        if (findings.Count == 0)
            html.AddMarkup("<p class=\"absent\">No theory was asked.</p>\n");

        return html.ToString();
    }

    /// <summary>Word of an outcome.</summary>
    public static string Word(FindingOutcome outcome) =>
        outcome == FindingOutcome.NotMeasured ? "not measured" : outcome.ToString().ToLowerInvariant();

    private static void Folded(HtmlText html, IReadOnlyList<Finding> findings, bool open, string one, string many)
    {
        if (findings.Count == 0)
            return;

        html.AddMarkup(open ? "<details open>" : "<details>")
            .Add($"<summary>{Count(findings.Count, one, many)}: {string.Join(", ", findings.Select(f => f.Id))}</summary>\n");
        foreach (var finding in findings)
            Add(html, finding);

        html.AddMarkup("</details>\n");
    }

    // What was asked, which way it went and why.
    private static void AddPath(HtmlText html, IReadOnlyList<PathStep> path)
    {
        if (path.Count == 0)
            return;

        html.AddMarkup("<h4>The path to this verdict</h4>\n<ol class=\"path\">\n");
        foreach (var step in path)
            html.Add($"<li>{step.Question} <strong>{step.Answer}</strong>. {step.Why}</li>\n");

        html.AddMarkup("</ol>\n");
    }

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
        html.Add($"<article class=\"finding {Word(finding.Outcome).Replace(' ', '-')}\">")
            .Add($"<h4><span class=\"outcome\">{sign} {Word(finding.Outcome)}</span> {finding.Id}")
            .Add($"{(finding.SinceEpoch is { } since ? $", since epoch {since}" : "")}</h4>\n<p>{finding.Sentence}</p>\n<dl>");
        if (finding is { Observed: { } observed, Threshold: { } threshold })
            html.Add(
                $"<dt>{finding.Measure}</dt><dd>{observed:G5} against {threshold:G5}{(finding.Rule is { } rule ? $": {rule}" : "")}</dd>"
            );

        html.Add($"<dt>Threshold from</dt><dd>{finding.ThresholdSource}</dd>");
        if (finding.Concerns.Count > 0)
        {
            var more = finding.Concerns.Count > MostConcerns ? $"; and {finding.Concerns.Count - MostConcerns} more" : "";
            html.Add($"<dt>Concerns</dt><dd>{string.Join("; ", finding.Concerns.Take(MostConcerns))}{more}</dd>");
        }

        if (finding.NextAction.Length > 0)
            html.Add($"<dt>Next</dt><dd class=\"next\">{finding.NextAction}</dd>");

        if (finding.Command is { } command)
            html.Add($"<dt>Type</dt><dd><code>{command}</code></dd>");

        html.AddMarkup("</dl></article>\n");
    }

    private static string State(RunRecord run)
    {
        var info = run.Info;
        var state = info.Status switch
        {
            RunStatus.Running => "Running: this page shows what was recorded when it was made",
            RunStatus.Completed => "Completed",
            RunStatus.Imported =>
                $"Imported from {info.Import?.Writer ?? "another trainer's record"}; whether its training is over is not recorded",
            RunStatus.Failed => $"Failed ({info.Why?.TrimEnd('.') ?? "no reason was recorded"})",
            _ => $"Interrupted ({info.Why?.TrimEnd('.') ?? "no reason was recorded"})",
        };
        var planned = run.Config is { } config ? string.Create(CultureInfo.InvariantCulture, $" of {config.Train.Epochs}") : "";
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{state}. Run {info.Id}: {run.Epochs.Count}{planned} epochs and {run.Rows.Count} steps recorded"
            )
            + (
                info.Started is { } started
                    ? string.Create(CultureInfo.InvariantCulture, $"; started {started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
                    : "; no start recorded"
            )
            + (
                info.Ended is { } ended
                    ? string.Create(CultureInfo.InvariantCulture, $", ended {ended.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.")
                    : ", no end recorded."
            );
    }

    private static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
