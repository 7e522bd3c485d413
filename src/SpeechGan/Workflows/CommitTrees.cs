using System.Globalization;
using SpeechGan.Bisect;

namespace SpeechGan.Workflows;

/// <summary>Built worktrees by their content: commits that differ in nothing that matters share one, and so do all who ask in this
/// process.</summary>
/// <param name="repository">The repository.</param>
/// <param name="folder">Where the worktrees are made.</param>
/// <param name="build">Builds.</param>
/// <param name="stop">Asks for an end.</param>
internal sealed class CommitTrees(GitRepository repository, BisectFolder folder, SpeechGanBuild build, CancellationToken stop)
{
    private readonly Dictionary<string, (string Folder, TrialResult? Problem)> trees = new(StringComparer.Ordinal);

    /// <summary>The built worktree of a content.</summary>
    /// <param name="content">What of it matters (<see cref="GitRepository.Content"/>).</param>
    /// <param name="commit">Full hash of a commit that has it.</param>
    /// <param name="change">Changes the worktree before it is built; gives the reason where it cannot, else null.</param>
    /// <returns>Its folder, and the result of a commit that cannot be changed or built; null where it can.</returns>
    public (string Folder, TrialResult? Problem) Built(string content, string commit, Func<string, string?>? change = null)
    {
        if (trees.TryGetValue(content, out var made))
            return made;
        var tree = Path.Combine(folder.Work, string.Create(CultureInfo.InvariantCulture, $"tree-{trees.Count + 1}-{commit[..12]}"));
        repository.AddWorktree(tree, commit);
        return trees[content] = (tree, change?.Invoke(tree) is { } conflict ? TrialResult.Skip(conflict) : build.Build(tree, stop));
    }
}
