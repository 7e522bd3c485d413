using System.Globalization;
using Spectre.Console;
using SpeechGan.Diagnostics;
using SpeechGan.Reports;

namespace SpeechGan.Cli.Views;

/// <summary>A verdict on a screen, read in a minute: what it comes to, what speaks for it, what was refuted, and the way there.</summary>
internal static class VerdictView
{
    public static void Print(Terminal terminal, Verdict verdict)
    {
        terminal.Line($"Run {verdict.Run}{(verdict.Status is { } status ? $" ({status.ToString().ToLowerInvariant()})" : "")}");
        PrintFindings(terminal, verdict);
        foreach (var settled in verdict.Settled ?? [])
            terminal.Line($"Settled by a test of the network, not by this record: \"{settled.Claim}\" {settled.Answer} ({settled.Test})");
        if (verdict.Measure is { Count: > 0 } measure)
            terminal.Line("What to measure next, in this order:");
        foreach (var next in verdict.Measure ?? [])
        {
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {next.Order}. {char.ToUpperInvariant(next.What[0])}{next.What[1..]}. {next.Meaning} Settles: "
                        + $"{string.Join(", ", next.Settles)}."
                )
            );
            terminal.Line($"     {next.How}");
        }
        terminal.Line("How it was decided:");
        foreach (var (step, i) in verdict.Path.Select((s, i) => (s, i)))
            terminal.Line($"  {i + 1}. {step.Question} {step.Answer.ToUpperInvariant()}: {step.Why}");
        if (verdict.Probe is { } probe)
        {
            terminal.Line($"Probed by replaying {probe.Window}:");
            foreach (var f in probe.Findings)
            {
                Line(terminal, $"  {VerdictSection.Word(f.Outcome)}: {f.Id}", Colour(f.Outcome));
                terminal.Line("    " + f.Sentence + (f.NextAction.Length > 0 ? $" Next: {f.NextAction}" : ""));
            }
        }
        if (verdict.Baseline is { } baseline)
            PrintBaseline(terminal, baseline);
        foreach (var problem in verdict.Problems)
            terminal.Line("Problem: " + problem);
    }

    /// <summary>The summary and the findings: in full what was found, in a line what was refuted or not measured.</summary>
    public static void PrintFindings(Terminal terminal, Verdict verdict)
    {
        if (verdict.Summary.Length > 0)
            Line(terminal, verdict.Summary, verdict.HasConfirmed ? "bold red" : "bold");
        foreach (var f in verdict.Findings.Where(f => f.Outcome < FindingOutcome.Rejected))
        {
            var severity = f.Outcome == FindingOutcome.Confirmed ? $" ({f.Severity.ToString().ToLowerInvariant()})" : "";
            Line(
                terminal,
                $"{VerdictSection.Word(f.Outcome)}{severity}: " + $"{f.Id}{(f.SinceEpoch is { } since ? $", since epoch {since}" : "")}",
                Colour(f.Outcome)
            );
            terminal.Line("  " + f.Sentence);
            terminal.Line(
                $"  observed {Number(f.Observed)}, threshold {Number(f.Threshold)} ({f.Measure}); {f.Rule}; source: {f.ThresholdSource}"
            );
            if (f.NextAction.Length > 0)
                terminal.Line("  next: " + f.NextAction);
            if (f.Command is { } command)
                terminal.Line("  type: " + command);
        }
        List(
            terminal,
            "Rejected by measurement",
            [
                .. verdict
                    .Findings.Where(f => f.Outcome == FindingOutcome.Rejected)
                    .Select(f => $"{f.Id} ({Number(f.Observed)} against {Number(f.Threshold)})"),
            ]
        );
        var absent = verdict.Findings.Where(f => f.Outcome == FindingOutcome.NotMeasured).ToList();
        if (absent.Count > 0)
            terminal.Line("Not measured:");
        foreach (var reason in absent.GroupBy(f => f.Sentence))
            terminal.Line(
                $"  {string.Join(", ", reason.Select(f => f.Id))}: {reason.Key.Replace("Not measured: ", "", StringComparison.Ordinal)}"
            );
    }

    private static void PrintBaseline(Terminal terminal, BaselineComparison baseline)
    {
        terminal.Line($"Against {baseline.Baseline}:");
        terminal.Line("  " + baseline.Sentence);
        foreach (var difference in baseline.Findings)
            terminal.Line($"  {difference.Id}: {VerdictSection.Word(difference.Here)} here, {VerdictSection.Word(difference.There)} there");
        if (baseline.Findings.Count == 0)
            terminal.Line("  All theories ended the same.");
        foreach (var knob in baseline.Knobs ?? [])
            terminal.Line($"  {knob.Key}: {knob.Here} here, {knob.There} there");
        if (baseline.Knobs is { Count: 0 })
            terminal.Line("  The configurations are equal.");
        if (baseline.Knobs is null)
            terminal.Line("  The configurations were not compared: one of them cannot be read.");
    }

    private static void List(Terminal terminal, string heading, string[] items)
    {
        if (items.Length > 0)
            terminal.Line($"{heading}: {string.Join(", ", items)}");
    }

    private static void Line(Terminal terminal, string text, string style)
    {
        if (terminal.IsLive)
            terminal.Console.MarkupLine($"[{style}]{Markup.Escape(text)}[/]");
        else
            terminal.Line(text);
    }

    private static string Colour(FindingOutcome outcome) =>
        outcome switch
        {
            FindingOutcome.Confirmed => "red",
            FindingOutcome.Suspected => "yellow",
            _ => "default",
        };

    private static string Number(double? value) => value?.ToString("G4", CultureInfo.InvariantCulture) ?? "none";
}
