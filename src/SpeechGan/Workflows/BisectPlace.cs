namespace SpeechGan.Workflows;

/// <summary>Where bisects of one repository work: its objects, a folder, and the worktrees that were built there. Several bisects that
/// share it share builds and trials.</summary>
internal sealed class BisectPlace : IDisposable
{
    /// <summary>Opens it.</summary>
    /// <param name="repository">A checkout.</param>
    /// <param name="cache">Where results are kept; null: the user's cache.</param>
    /// <param name="build">Builds.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <exception cref="UsageException">There is no repository.</exception>
    public BisectPlace(string repository, string? cache, SpeechGanBuild build, CancellationToken stop)
    {
        Repository = GitRepository.Open(repository, stop);
        Folder = BisectFolder.Open(Repository, cache);
        Trees = new CommitTrees(Repository, Folder, build, stop);
    }

    /// <summary>The repository.</summary>
    public GitRepository Repository { get; }

    /// <summary>The folder.</summary>
    public BisectFolder Folder { get; }

    /// <summary>Built worktrees.</summary>
    public CommitTrees Trees { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Folder.Dispose();
        Repository.Dispose();
    }
}
