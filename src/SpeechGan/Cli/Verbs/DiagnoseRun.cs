using System.Text.Json;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Verbs;

/// <summary>The verdict on a run: audited once, judged, probed where that was asked for, and kept beside it.</summary>
internal static class DiagnoseRun
{
    /// <summary>Judges a run and writes RUN/verdict.json.</summary>
    /// <param name="run">Run folder.</param>
    /// <param name="baseline">Another run to compare with; null: none.</param>
    /// <param name="audit">Whether a corpus that was not audited is.</param>
    /// <param name="stop">Ends the audit.</param>
    /// <param name="probe">Replays the run; null: what an earlier replay found is taken.</param>
    public static Verdict Of(string run, string? baseline, bool audit, CancellationToken stop, Func<RunRecord, ProbeVerdict>? probe = null)
    {
        var (record, verdict) = WorkProgress.Watch(at =>
        {
            var read = RunRecord.Load(run, new WatchedStorage(at));
            if (audit && read.Audit is not { IsComplete: true })
                read = Audited(read, at, stop);
            return (read, Verdict.Of(read, done: (done, of) => at("judging theories", done, of)));
        });
        verdict = verdict.With(probe is null ? Verdict.SavedProbe(record.Root) : probe(record));
        if (baseline is not null)
            verdict = verdict with { Baseline = Compared(record, verdict, baseline) };
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

    private static BaselineComparison Compared(RunRecord record, Verdict verdict, string baseline) =>
        WorkProgress.Watch(at =>
        {
            var other = RunRecord.Load(baseline, new WatchedStorage(at, "the baseline's "));
            return BaselineComparison.Of(
                record,
                verdict,
                other,
                Verdict.Of(other, done: (done, of) => at("judging the baseline", done, of))
            );
        });

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
                        $"The corpus '{record.Info.Data}' no longer exists and was not audited. If it was moved, run "
                            + "`speechgan audit --data DIR`.",
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
