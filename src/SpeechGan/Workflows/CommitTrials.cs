using System.Diagnostics;
using System.Globalization;
using SpeechGan.Bisect;

namespace SpeechGan.Workflows;

/// <summary>Trials of commits in worktrees of their own: built once, tried as often as is asked, kept in the cache by content, judge, host
/// and attempt.</summary>
/// <param name="repository">The repository.</param>
/// <param name="graph">The candidates.</param>
/// <param name="folder">Where results are kept.</param>
/// <param name="trees">Built worktrees.</param>
/// <param name="run">Runs and judges.</param>
/// <param name="stop">Asks for an end.</param>
internal sealed class CommitTrials(
    GitRepository repository,
    CommitGraph graph,
    BisectFolder folder,
    CommitTrees trees,
    ITrialRun run,
    CancellationToken stop
)
{
    private readonly TrialCache cache = folder.Results;

    /// <summary>Tries a commit.</summary>
    public TrialResult Try(string commit, int attempt) => Try(repository.Content(commit, run.Paths), commit, attempt, _ => null);

    /// <summary>Tries the bad end with a commit reverted.</summary>
    public TrialResult Reverted(string commit, int attempt)
    {
        var culprit = graph.Candidates[graph.IndexOf(commit)!.Value];
        return Try($"{repository.Content(graph.Bad, run.Paths)} without {commit}", graph.Bad, attempt, tree =>
            repository.Revert(tree, culprit)
        );
    }

    private TrialResult Try(string content, string commit, int attempt, Func<string, string?> change)
    {
        stop.ThrowIfCancellationRequested();
        var key = string.Create(CultureInfo.InvariantCulture, $"{content}\n{run.Key}\nattempt {attempt}");
        if (cache.Find(key) is { } known)
            return known;
        var clock = Stopwatch.StartNew();
        var (tree, problem) = trees.Built(content, commit, change);
        var result = (problem ?? run.Run(tree, commit, stop)) with { Seconds = Math.Round(clock.Elapsed.TotalSeconds, 2) };
        if (!result.IsPassing)
            cache.Keep(key, result);
        return result;
    }
}
