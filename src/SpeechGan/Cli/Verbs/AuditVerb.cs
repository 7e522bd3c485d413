using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Data;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`audit`: what is wrong with a corpus before any training.</summary>
internal static class AuditVerb
{
    private const int ShownOfAKind = 5;

    public static Command Make()
    {
        var data = new Option<string>("--data")
        {
            Description = "Corpus: DIR/{train,valid,test}/{clean,noisy}/*, or DIR/{clean,noisy}/*",
            Required = true,
            HelpName = "DIR",
        };
        var workers = new Option<int>("--workers")
        {
            Description = "Pairs that are read at once",
            DefaultValueFactory = _ => 2,
            HelpName = "N",
        };
        var failOn = new Option<string?>("--fail-on") { Description = "faults: exit code 1 where there is one", HelpName = "WHAT" };
        failOn.AcceptOnlyFromAmong("faults");
        var all = new Option<bool>("--all") { Description = $"Show every finding, not the first {ShownOfAKind} of a kind" };
        var json = SharedOptions.Json();
        var verb = new Command("audit", "Check a corpus: silence, clipping, misaligned or swapped pairs, copies between parts, rates.")
        {
            data,
            workers,
            failOn,
            all,
            json,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        if (parsed.GetValue(workers) < 1)
                            throw new UsageException($"--workers is {parsed.GetValue(workers)}; allowed is 1 and more pairs read at once.");
                        var report = Run(parsed.GetValue(data)!, parsed.GetValue(workers), stop);
                        if (parsed.GetValue(json))
                            Console.WriteLine(JsonSerializer.Serialize(report, RunJson.Document));
                        else
                            Print(Terminal.Out, report, parsed.GetValue(all));
                        return parsed.GetValue(failOn) is not null && report.HasFaults ? ExitCode.CheckFailed : ExitCode.Good;
                    })
                )
        );
        return verb;
    }

    /// <summary>Audits with a bar where somebody watches.</summary>
    public static AuditReport Run(string data, int workers, CancellationToken stop) =>
        !Terminal.Error.IsLive
            ? CorpusAudit.Run(data, workers, null, null, stop)
            : Terminal
                .Error.Console.Progress()
                .AutoClear(true)
                .Start(context =>
                {
                    var bar = context.AddTask("auditing");
                    return CorpusAudit.Run(
                        data,
                        workers,
                        (done, of) =>
                        {
                            bar.MaxValue = of;
                            bar.Value = Math.Max(bar.Value, done);
                        },
                        null,
                        stop
                    );
                });

    /// <summary>Parts, then findings, those of a kind together.</summary>
    public static void Print(Terminal terminal, AuditReport report, bool all)
    {
        foreach (var part in report.Parts)
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{part.Split}: {part.Pairs} pairs, {part.Seconds / 60:0.0} min"
                        + $"{(part.SilentShare is { } s ? $", {100 * s:0.#} % of it silent on the clean side" : "")}"
                )
            );
        foreach (var kind in report.Findings.GroupBy(f => (f.Level, f.Kind)))
        {
            terminal.Line($"{(kind.Key.Level == AuditLevel.Fault ? "fault" : "note")}: {kind.Key.Kind} ({kind.Count()})");
            foreach (var finding in kind.Take(all ? int.MaxValue : ShownOfAKind))
                terminal.Line("  " + finding.Sentence);
            if (!all && kind.Count() > ShownOfAKind)
                terminal.Line($"  and {kind.Count() - ShownOfAKind} more (--all)");
        }
        var faults = report.Findings.Count(f => f.Level == AuditLevel.Fault);
        terminal.Line(faults == 0 ? "No fault was found." : $"{faults} {(faults == 1 ? "fault was" : "faults were")} found.");
    }
}
