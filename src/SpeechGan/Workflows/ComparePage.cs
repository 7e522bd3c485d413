using SpeechGan.Comparison;
using SpeechGan.Diagnostics;
using SpeechGan.Reports;

namespace SpeechGan.Workflows;

/// <summary>The HTML page of a comparison: both runs, what differs, and what they sound like.</summary>
internal static class ComparePage
{
    /// <summary>Writes it.</summary>
    /// <param name="output">The file.</param>
    /// <param name="comparison">What was found.</param>
    /// <param name="runs">A's run, then B's.</param>
    /// <param name="stop">Ends the work between two signals.</param>
    /// <returns>Full path of the file.</returns>
    public static string Save(string output, RunComparison comparison, IReadOnlyList<ComparedRun> runs, CancellationToken stop)
    {
        var path = Path.GetFullPath(output);
        var page = ReportPage.Of(
            new ReportInput
            {
                Runs = [.. runs.Select((r, i) => new ReportRun($"{(i == 0 ? "A" : "B")} {r.Label}", r.Record, Verdict.Of(r.Record)))],
                Listening = [],
                Together = CompareAudio.Of(
                    runs[0].Record,
                    runs[1].Record,
                    runs.Select(r => CorpusOfRun.Find(r.Record)).FirstOrDefault(d => d is not null),
                    stop
                ),
                Comparison = comparison,
                MadeAt = DateTimeOffset.UtcNow,
                MadeBy = Versions.Program,
            }
        );
        ReportPage.Save(path, page);
        return path;
    }
}
