using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SpeechGan.Data;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`audit`: what is wrong with a corpus before any training.</summary>
internal static class AuditVerb
{
    private const int ShownOfAKind = 5,
        RememberedFrom = 500; // files

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
            Description = "Pairs that are read at once (default: one a processor)",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            HelpName = "N",
        };
        var failOn = new Option<string?>("--fail-on") { Description = "faults: exit code 1 where there is one", HelpName = "WHAT" };
        failOn.AcceptOnlyFromAmong("faults");
        var all = new Option<bool>("--all") { Description = $"Show every finding, not the first {ShownOfAKind} of a kind" };
        var fresh = new Option<bool>("--fresh") { Description = "Read every file again, not only those whose size or time has changed" };
        var json = SharedOptions.Json();
        var verb = new Command("audit", "Check a corpus: silence, clipping, misaligned or swapped pairs, copies between parts, rates.")
        {
            data,
            workers,
            failOn,
            all,
            fresh,
            json,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        if (parsed.GetValue(workers) < 1)
                            throw new UsageException($"--workers is {parsed.GetValue(workers)}; allowed is 1 and more pairs read at once.");
                        var report = WorkProgress.Watch(at =>
                            Run(parsed.GetValue(data)!, parsed.GetValue(workers), parsed.GetValue(fresh), at, stop)
                        );
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

    /// <summary>Audits with what is remembered of the corpus, and keeps what it measures.</summary>
    /// <param name="data">The corpus' folder.</param>
    /// <param name="workers">Pairs that are read at once.</param>
    /// <param name="fresh">Whether to read everything again.</param>
    /// <param name="at">Told how far it is.</param>
    /// <param name="stop">Ends it; what was read is kept.</param>
    public static AuditReport Run(string data, int workers, bool fresh, Progressed at, CancellationToken stop)
    {
        using var memory = IsLarge(data) ? AuditMemory.Open(CacheFolder.Of("audits"), data, fresh) : null;
        try
        {
            return CorpusAudit.Run(data, workers, p => at($"audit, {p.Stage}", p.Done, p.Of), null, memory, stop);
        }
        finally
        {
            if (memory?.Problem is { } problem)
                Terminal.Error.Line(problem);
        }
    }

    // What is read in a second or two need not be remembered.
    private static bool IsLarge(string data) =>
        Directory.Exists(data)
        && Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Take(RememberedFrom).Count() == RememberedFrom;

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
