namespace SpeechGan.Workflows;

/// <summary>Builds of the commits that are sides of a comparison, in worktrees as a bisect makes them; gone with it.</summary>
internal sealed class CompareCommits : IDisposable
{
    private readonly BisectPlace place;

    /// <summary>Opens the repository.</summary>
    /// <param name="repo">A checkout.</param>
    /// <param name="cache">Where worktrees are made; null: the user's cache.</param>
    /// <param name="build">Builds.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <exception cref="UsageException">There is no repository.</exception>
    public CompareCommits(string repo, string? cache, SpeechGanBuild build, CancellationToken stop) =>
        place = new BisectPlace(repo, cache, build, stop);

    /// <summary>Full hash of a side's commit.</summary>
    /// <exception cref="UsageException">It is unknown.</exception>
    public string Resolve(ComparedSide side) => place.Repository.Resolve(side.Value, "commit:");

    /// <summary>The worktree of a side, built once.</summary>
    /// <exception cref="UsageException">It does not build.</exception>
    public string Built(ComparedSide side)
    {
        var commit = Resolve(side);
        var (tree, problem) = place.Trees.Built(place.Repository.Content(commit, CommitTraining.Paths), commit);
        return problem is null
            ? tree
            : throw new UsageException(
                $"'{side.Text}' ({commit[..12]}) cannot be compared: {problem.Detail.TrimEnd('.')}. Give a commit that builds, or the "
                    + $"command that builds it with --build."
            );
    }

    /// <inheritdoc/>
    public void Dispose() => place.Dispose();
}
