using System.Security.Cryptography;
using System.Text;
using LibGit2Sharp;
using SpeechGan.Bisect;
using Candidate = SpeechGan.Bisect.Commit;
using Commit = LibGit2Sharp.Commit;

namespace SpeechGan.Workflows;

/// <summary>
/// A repository, its objects read in process; git itself makes worktrees and reverts in them. Its checkout, index and branches
/// are never changed.
/// </summary>
internal sealed class GitRepository : IDisposable
{
    private readonly Repository repository;
    private readonly CancellationToken stop;

    private GitRepository(Repository repository, CancellationToken stop) =>
        (this.repository, this.stop, Root) = (repository, stop, Path.TrimEndingDirectorySeparator(repository.Info.WorkingDirectory));

    /// <summary>Its checkout.</summary>
    public string Root { get; }

    /// <summary>Opens the repository a folder is in.</summary>
    /// <exception cref="UsageException">There is none, or it cannot be read.</exception>
    public static GitRepository Open(string folder, CancellationToken stop)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"There is no folder '{folder}'. Name the repository's checkout with --repo DIR.");
        if (Repository.Discover(folder) is not { } found)
            throw new UsageException($"'{Path.GetFullPath(folder)}' is not in a git repository. Name one with --repo DIR.");
        var repository = Reading(found.EndsWith("/.git/", StringComparison.Ordinal) ? found[..^6] : folder, () => new Repository(found));
        if (!repository.Info.IsBare)
            return new GitRepository(repository, stop);
        repository.Dispose();
        throw new UsageException(
            $"'{Path.GetFullPath(folder)}' is a bare repository, without a checkout. Name a checkout of it with --repo DIR."
        );
    }

    /// <summary>Full hash of a revision.</summary>
    /// <exception cref="UsageException">It is unknown.</exception>
    public string Resolve(string revision, string option) =>
        Reading(Root, () => Find(revision))?.Sha
        ?? throw new UsageException(
            $"{option} '{revision}' is not a commit of '{Root}'. Give a hash, branch or tag; `git log --oneline` lists them."
                + Shallow(" It may lie before")
        );

    /// <summary>The candidates between two commits.</summary>
    /// <param name="good">Good end.</param>
    /// <param name="bad">Bad end.</param>
    /// <param name="paths">What of the tree can change an outcome; empty: all of it.</param>
    /// <exception cref="UsageException">The ends are the same, or the good one is not an ancestor of the bad one.</exception>
    public CommitGraph Graph(string good, string bad, IReadOnlyList<string> paths)
    {
        if (good == bad)
            throw new UsageException(
                $"--good and --bad are the same commit, {good[..12]}: there is nothing between them. "
                    + "Give a commit without the regression and one with it."
            );
        var common = Reading(Root, () => repository.ObjectDatabase.FindMergeBase(Known(good), Known(bad)))?.Sha;
        if (common == bad)
            throw new UsageException($"--good {good[..12]} comes after --bad {bad[..12]}: the ends are swapped.");
        if (common != good)
        {
            var advice = common is not null
                ? $"Give their merge base, {common[..12]}, as --good, if it is good."
                : "They have no commit in common.";
            throw new UsageException(
                $"--good {good[..12]} is not an ancestor of --bad {bad[..12]}: they lie on different branches. {advice}"
                    + Shallow(" What joins them may lie before")
            );
        }
        return Reading(Root, () =>
        {
            var range = new CommitFilter { IncludeReachableFrom = bad, ExcludeReachableFrom = good };
            Commit[] between = [.. repository.Commits.QueryBy(range)];
            var inside = between.Select(c => c.Sha).ToHashSet();
            // What lies outside is an ancestor of the good end: as its parents, they are left out, and their contents are known.
            string[] outside =
            [
                .. between.SelectMany(c => c.Parents).Select(p => p.Sha).Where(p => !inside.Contains(p) && p != good).Distinct(),
            ];
            return CommitGraph.Between(
                [
                    .. between.Select(c => new Candidate(c.Sha, [.. c.Parents.Select(p => p.Sha)], Content(c.Sha, paths), c.MessageShort)),
                    new Candidate(good, outside, Content(good, paths)),
                    .. outside.Select(o => new Candidate(o, [], Content(o, paths))),
                ],
                good,
                bad
            );
        });
    }

    /// <summary>
    /// Digest of what can change an outcome in a commit: that of git's `rev-parse COMMIT^{tree}` or `ls-tree COMMIT -- PATHS`, by which
    /// results are kept.
    /// </summary>
    public string Content(string commit, IReadOnlyList<string> paths)
    {
        var found = Known(commit);
        var entries = paths
            .Select(p => found[p.TrimEnd('/')])
            .OfType<TreeEntry>()
            .OrderBy(e => e.Path, StringComparer.Ordinal)
            .Select(e => $"{Convert.ToString((int)e.Mode, 8).PadLeft(6, '0')} {Kind(e)} {e.Target.Sha}\t{e.Path}\n");
        var text = paths.Count == 0 ? found.Tree.Sha + "\n" : string.Concat(entries);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24];

        static string Kind(TreeEntry entry) =>
            entry.TargetType switch
            {
                TreeEntryTargetType.Tree => "tree",
                TreeEntryTargetType.GitLink => "commit",
                _ => "blob",
            };
    }

    /// <summary>Paths that differ between a commit and the checkout as it is, what is not committed and new files included.</summary>
    public IReadOnlyList<string> ChangedSince(string commit) => Reading(Root, () =>
        {
            using var changes = repository.Diff.Compare<TreeChanges>(Known(commit).Tree, DiffTargets.Index | DiffTargets.WorkingDirectory);
            var untracked = repository
                .RetrieveStatus(new StatusOptions { IncludeIgnored = false, RecurseUntrackedDirs = true })
                .Untracked.Select(u => u.FilePath);
            return (IReadOnlyList<string>)
                [
                    .. changes
                        .SelectMany(c => new[] { c.Path, c.OldPath })
                        .Concat(untracked)
                        .OfType<string>()
                        .Distinct()
                        .Order(StringComparer.Ordinal),
                ];
        });

    /// <summary>A new worktree of a commit, on no branch.</summary>
    /// <exception cref="UsageException">Git cannot make it, or is not here.</exception>
    public void AddWorktree(string folder, string commit)
    {
        var end = ProcessRunner.Run(Root, ["git", "worktree", "add", "--detach", "--force", "--quiet", folder, commit], stop: stop);
        if (end.ExitCode != 0)
            throw new UsageException($"git worktree failed in '{Root}': {end.LastWords}");
    }

    /// <summary>Takes a worktree away, whatever is in it.</summary>
    /// <param name="root">Checkout of the repository it belongs to; it may be gone.</param>
    /// <param name="folder">The worktree.</param>
    public static void RemoveWorktree(string root, string folder)
    {
        // Not stopped half-way: this is the cleaning up.
        if (Directory.Exists(root))
            ProcessRunner.Run(root, ["git", "worktree", "remove", "--force", "--force", folder]);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        if (Directory.Exists(root))
            ProcessRunner.Run(root, ["git", "worktree", "prune"]);
    }

    /// <summary>Reverts a commit in a worktree, without committing.</summary>
    /// <returns>Null, or why it cannot be done.</returns>
    public string? Revert(string worktree, Candidate commit)
    {
        string[] mainline = commit.Parents.Count > 1 ? ["-m", "1"] : [];
        string[] author = ["-c", "user.name=speechgan", "-c", "user.email=bisect@localhost"];
        var end = ProcessRunner.Run(worktree, ["git", .. author, "revert", "--no-commit", .. mainline, commit.Id], stop: stop);
        if (end.ExitCode == 0)
            return null;
        using var tree = new Repository(worktree);
        string[] files = [.. tree.Index.Conflicts.Select(c => (c.Ours ?? c.Theirs ?? c.Ancestor).Path)];
        return $"git cannot revert it: {(files.Length > 0 ? $"conflicts in {string.Join(", ", files)}" : end.LastWords)}";
    }

    /// <summary>What a commit changed against its first parent: header and statistics, and the head of its patch.</summary>
    public (string Stat, string Patch) Show(string commit, int patchLines) => Reading(Root, () =>
        {
            var found = Known(commit);
            var before = found.Parents.FirstOrDefault()?.Tree;
            var options = new CompareOptions { Similarity = SimilarityOptions.Renames };
            using var changes = repository.Diff.Compare<Patch>(before, found.Tree, options);
            var stat = new StringBuilder(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"""
                    commit {found.Sha}
                    Author: {found.Author.Name}
                    Date:   {found.Author.When:yyyy-MM-dd HH:mm:ss zzz}

                        {found.MessageShort}


                    """
                )
            );
            var width = changes.Select(c => c.Path.Length).DefaultIfEmpty().Max();
            foreach (var change in changes)
            {
                var lines = change.IsBinaryComparison
                    ? "binary"
                    : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"+{change.LinesAdded} -{change.LinesDeleted}");
                stat.Append($" {change.Path.PadRight(width)} | {lines}\n");
            }
            stat.Append(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $" {changes.Count()} changed: +{changes.LinesAdded} -{changes.LinesDeleted} lines"
                )
            );
            var patch = changes.Content.Split('\n');
            var rest = patch.Length > patchLines ? $"\n... ({patch.Length - patchLines} lines more: git show {commit[..12]})" : "";
            return (stat.ToString(), string.Join('\n', patch.Take(patchLines)) + rest);
        });

    /// <inheritdoc/>
    public void Dispose() => repository.Dispose();

    private Commit? Find(string revision)
    {
        try
        {
            return repository.Lookup(revision)?.Peel<Commit>();
        }
        catch (Exception e)
            when (e is InvalidSpecificationException or AmbiguousSpecificationException or PeelException or NotFoundException)
        {
            return null;
        }
    }

    private Commit Known(string id) => repository.Lookup<Commit>(id) ?? throw new NotFoundException($"commit {id} is missing");

    private string Shallow(string where) =>
        repository.Info.IsShallow ? $"{where} the oldest commit of this shallow clone: `git fetch --unshallow` fetches the rest." : "";

    private static T Reading<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (LibGit2SharpException e) when (e.Message.Contains("not owned by current user", StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(folder);
            throw new UsageException(
                $"The repository of '{path}' belongs to another user, and git refuses to read it. "
                    + $"If you trust it: git config --global --add safe.directory '{path}'"
            );
        }
        catch (LibGit2SharpException e)
        {
            throw new UsageException($"The repository of '{Path.GetFullPath(folder)}' cannot be read: {e.Message}. `git fsck` says more.");
        }
    }
}
