using System.CommandLine;
using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`diagnose`: what is wrong with a run, what is not, how sure, on which numbers, and what to change.</summary>
internal static class DiagnoseVerb
{
    public static Command Make()
    {
        var run = new Argument<string>("RUN") { Description = "Run folder: of a run that is over, goes on, or crashed" };
        var baseline = new Option<string?>("--baseline") { Description = "Another run to compare with", HelpName = "RUN" };
        var failOn = new Option<string?>("--fail-on")
        {
            Description = "confirmed or suspected: exit code 1 where there is one",
            HelpName = "WHAT",
        };
        failOn.AcceptOnlyFromAmong("confirmed", "suspected");
        var noAudit = new Option<bool>("--no-audit")
        {
            Description = "Leave the corpus alone (else it is audited once, into RUN/audit.json)",
        };
        var probe = new Option<bool>("--probe")
        {
            Description =
                "Replay a window of the training with one ingredient changed, over several seeds; kept in RUN/probes.jsonl, goes on "
                + "where it was",
        };
        var data = new Option<string?>("--data") { Description = "With --probe: where the run's corpus is now", HelpName = "DIR" };
        var from = new Option<string?>("--probe-from")
        {
            Description = "Checkpoint to replay from (default: the best, where training went on from it; else the oldest)",
            HelpName = "NAME",
        };
        var epochs = new Option<int>("--probe-epochs")
        {
            Description = "Most epochs to replay",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        };
        var seeds = new Option<int>("--probe-seeds")
        {
            Description = "Seeds to replay with, 1 to 20",
            HelpName = "N",
            DefaultValueFactory = _ => 3,
        };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var verb = new Command("diagnose", "Say what is wrong with a run, what is not, and what to do; writes RUN/verdict.json.")
        {
            run,
            baseline,
            failOn,
            noAudit,
            probe,
            data,
            from,
            epochs,
            seeds,
            json,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        Func<RunRecord, ProbeVerdict>? experiments = null;
                        if (parsed.GetValue(probe))
                        {
                            var (window, trials) = (parsed.GetValue(epochs), parsed.GetValue(seeds));
                            if (window is < 1 or > 1000)
                                throw new UsageException($"--probe-epochs is {window}; allowed is a whole number from 1 to 1000.");
                            if (trials is < 1 or > 20)
                                throw new UsageException($"--probe-seeds is {trials}; allowed is a whole number from 1 to 20.");
                            experiments = record =>
                                ProbeRun.Of(record, parsed.GetValue(data), parsed.GetValue(from), window, trials, Terminal.Error, stop);
                        }
                        else if (
                            new Option[] { data, from, epochs, seeds }.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is
                            { } idle
                        )
                        {
                            throw new UsageException(
                                $"{idle.Name} says what to replay, and nothing is replayed without --probe. Add --probe, or leave "
                                    + $"{idle.Name} out."
                            );
                        }
                        var verdict = Run(parsed.GetValue(run)!, parsed.GetValue(baseline), !parsed.GetValue(noAudit), stop, experiments);
                        if (parsed.GetValue(json))
                            Console.WriteLine(verdict.ToJson().TrimEnd());
                        else
                            VerdictView.Print(Terminal.Out, verdict);
                        return Code(verdict, parsed.GetValue(failOn));
                    })
                )
        );
        return verb;
    }

    /// <summary>The exit code: 1 where what was asked for is there.</summary>
    internal static int Code(Verdict verdict, string? failOn) =>
        failOn switch
        {
            "confirmed" when verdict.HasConfirmed => ExitCode.CheckFailed,
            "suspected" when verdict.All.Any(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected) =>
                ExitCode.CheckFailed,
            _ => ExitCode.Good,
        };

    internal static Verdict Run(
        string path,
        string? baseline,
        bool audit,
        CancellationToken stop,
        Func<RunRecord, ProbeVerdict>? probe = null
    )
    {
        var (record, verdict) = WorkProgress.Watch(at =>
        {
            var read = RunRecord.Load(path, new WatchedStorage(at));
            if (audit && read.Audit is not { IsComplete: true })
                read = Audited(read, at, stop);
            return (read, Verdict.Of(read, done: (done, of) => at("judging theories", done, of)));
        });
        verdict = verdict.With(probe is null ? Verdict.SavedProbe(record.Root) : probe(record));
        if (baseline is not null)
            verdict = verdict with
            {
                Baseline = WorkProgress.Watch(at =>
                {
                    var other = RunRecord.Load(baseline, new WatchedStorage(at, "the baseline's "));
                    return BaselineComparison.Of(
                        record,
                        verdict,
                        other,
                        Verdict.Of(other, done: (done, of) => at("judging the baseline", done, of))
                    );
                }),
            };
        try
        {
            verdict.Save(record.Root);
        }
        catch (RunFolderException e)
        {
            // A run on a read-only disk can be diagnosed all the same.
            verdict = verdict with { Problems = [.. verdict.Problems, e.Message] };
        }
        return verdict;
    }

    // Cached beside the run; what the audit cannot do is told and hides nothing else.
    private static RunRecord Audited(RunRecord record, Progressed at, CancellationToken stop)
    {
        if (record.Info.Data is not { } data || !Directory.Exists(data))
            return record.Info.Data is null || record.Audit is not null
                ? record
                : record with
                {
                    Problems =
                    [
                        .. record.Problems,
                        $"The corpus '{record.Info.Data}' is not there any more and was not audited. Where it was moved, speechgan "
                            + $"audit --data DIR looks it through.",
                    ],
                };
        try
        {
            var report = AuditVerb.Run(data, Math.Max(1, record.Config?.Data.Workers ?? 2), fresh: false, at, stop);
            DiskStorage.Instance.Publish(
                Path.Combine(record.Root, RunFolder.AuditName),
                JsonSerializer.Serialize(report, RunJson.Document) + "\n"
            );
            return record with { Audit = report };
        }
        catch (Exception e) when (e is CorpusException or IOException or UnauthorizedAccessException)
        {
            return record with { Problems = [.. record.Problems, $"The corpus was not audited: {e.Message}"] };
        }
    }
}
