using SpeechGan.Cli.Views;
using SpeechGan.Evaluation;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`score`: every metric of files or folders, with intervals, or of two versions of the same utterances against each
/// other.</summary>
internal static class ScoreRun
{
    /// <summary>Scores and prints.</summary>
    /// <returns>The exit code: 2 where no pair could be scored.</returns>
    public static int Run(ScoreRequest request, bool json, bool csv, CancellationToken stop)
    {
        if (json && csv)
            throw new UsageException("--json and --csv cannot be given together: one of them goes to standard output.");
        request.Validate();
        ScoreReport report = Score(request, stop);
        if (json)
            Console.WriteLine(ScoreJson.Of(report));
        else if (csv)
            Console.Write(ScoreCsv.Of(report));
        else
            ScoreTable.Print(Terminal.Out, report);
        if (json || csv)
        {
            foreach (var (_, note) in report.Notes)
                Terminal.Error.Line(note);
            foreach (UnscorableFile file in report.Unscorable)
                Terminal.Error.Line($"{file.Name}: {file.Reason}");
        }

        return report.AnyScored ? ExitCode.Good : ExitCode.BadUsage;
    }

    /// <summary>Finds, reads and scores all that was asked for.</summary>
    public static ScoreReport Score(ScoreRequest request, CancellationToken stop)
    {
        var scorer = new PairScorer
        {
            Options = request.Options,
            Channel = request.Channel,
            Rate = request.Hertz,
            WithStability = request.Other is not null,
        };
        ScorePairs first = ScorePairs.Find(request.Reference, request.Degraded);
        ScorePairs? second = request.Other is { } other ? ScorePairs.Find(request.Reference, other) : null;
        List<ScorePair> all = [.. first.Pairs, .. second?.Pairs ?? []];
        int count = 0;
        IReadOnlyList<ScoredPair> scored = WorkProgress.Watch(at =>
            scorer.Score(all, request.Workers, () => at("scoring pairs", Interlocked.Increment(ref count), all.Count), stop)
        );
        return ScoreReport.Of(
            request,
            new Side(first.Alone, [.. scored.Take(first.Pairs.Count)]),
            second is null ? null : new Side(second.Alone, [.. scored.Skip(first.Pairs.Count)])
        );
    }
}
