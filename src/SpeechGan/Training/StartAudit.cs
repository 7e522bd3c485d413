using System.Globalization;
using System.Text.Json;
using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>
/// The audit of a run's corpus before its first step, so that the run's own verdict knows of its data. It is kept beside the run and made
/// again only where a file's name, size or time has changed.
/// </summary>
internal static class StartAudit
{
    /// <summary>The longest that a training waits for it: some thousand pairs. What is left out is told, and <c>diagnose</c> reads
    /// it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Audits, or takes what is kept.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="kept">The audit that lies in it; null: none.</param>
    /// <param name="root">The corpus' folder.</param>
    /// <param name="workers">Pairs that are read at once.</param>
    /// <param name="stop">Ends it; the run goes on without an audit, and stops where it would stop.</param>
    /// <returns>The audit, null where there is none; and what is to be told, null where nothing is.</returns>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public static (AuditReport? Report, string? Note) Of(
        RunFolder folder,
        AuditReport? kept,
        string root,
        int workers,
        CancellationToken stop
    )
    {
        if (kept is not null && (kept.Fingerprint is null || kept.Fingerprint == CorpusFingerprint.Of(root)))
            return (kept, null);
        try
        {
            var report = CorpusAudit.Run(root, Math.Max(1, workers), null, Longest, stop: stop);
            folder.Publish(RunFolder.AuditName, JsonSerializer.Serialize(report, RunJson.Document) + "\n");
            return (report, InWords(report, kept is not null));
        }
        catch (OperationCanceledException)
        {
            return (null, null);
        }
        catch (Exception e) when (e is CorpusException or IOException or UnauthorizedAccessException)
        {
            return (null, $"The corpus was not audited: {e.Message}");
        }
    }

    private static string? InWords(AuditReport report, bool changed)
    {
        AuditFinding[] faults = [.. report.Findings.Where(f => f.Level == AuditLevel.Fault)];
        string[] sentences =
        [
            .. changed ? (string[])["The corpus has changed since it was audited."] : [],
            .. faults.Length > 0
                ? (string[])
                    [
                        $"The audit of the corpus has {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}: "
                            + $"{faults[0].Sentence} speechgan audit --data {report.Root} lists all.",
                    ]
                : [],
            .. report.IsComplete
                ? (string[])[]
                :
                [
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The audit ended after {Longest.TotalSeconds:0} s, with {report.LeftOut} pairs left out; speechgan diagnose "
                            + $"reads them."
                    ),
                ],
        ];
        return sentences.Length == 0 ? null : string.Join(" ", sentences);
    }
}
