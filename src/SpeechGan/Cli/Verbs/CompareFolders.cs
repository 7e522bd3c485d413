using SpeechGan.Comparison;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`compare` of two run folders, as they are.</summary>
internal static class CompareFolders
{
    private const long RowsInMemory = 16L << 20; // of each run

    /// <summary>Reads both and compares them.</summary>
    /// <exception cref="UsageException">An option is for sides that are trained, or both are one folder.</exception>
    public static RunComparison Run(CompareRequest request, ComparedSide a, ComparedSide b, CancellationToken stop)
    {
        if (request.Data is not null || request.Seeds.Count > 0 || request.Knobs.Count > 0 || request.Repeat > 0 || request.Trace)
            throw new UsageException(
                "Two run folders are compared as they are: --data, --seeds, --set, --repeat and --trace are for sides that are "
                    + "trained. Leave them out."
            );
        var (runs, comparison) = WorkProgress.Watch(at =>
        {
            ComparedRun[] read = [Read(a, "A's "), Read(b, "B's ")];
            if (read[0].Record.Root == read[1].Record.Root)
                throw new UsageException($"'{a.Text}' and '{b.Text}' are the same run folder. Give two.");
            return (read, RunComparison.Of([read[0]], [read[1]], CompareSpread.Of(request, read)));

            ComparedRun Read(ComparedSide side, string label) =>
                new(side.Text, RunRecord.LoadWithin(side.Value, new WatchedStorage(at, label), RowsInMemory));
        });
        if (request.Output is { } output)
            Terminal.Error.Line($"Report: {ComparePage.Save(output, comparison, runs, stop)}");
        return comparison;
    }
}
