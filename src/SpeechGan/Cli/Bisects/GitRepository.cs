using System.Security.Cryptography;
using System.Text;
using SpeechGan.Regression.Bisect;

namespace SpeechGan.Cli.Bisects;

/// <summary>A repository by git's command line: nothing of its checkout, index or branches is ever changed.</summary>
internal sealed class GitRepository
{
    private readonly CancellationToken stop;

    private GitRepository(string root, CancellationToken stop) => (Root, this.stop) = (root, stop);

    /// <summary>Its checkout.</summary>
    public string Root { get; }

    /// <summary>Opens the repository a folder is in.</summary>
    /// <exception cref="UsageException">There is none, or git is not here.</exception>
    public static GitRepository Open(string folder, CancellationToken stop)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"There is no folder '{folder}'. Name the repository's checkout with --repo DIR.");
        var end = ProcessRunner.Run(folder, ["git", "rev-parse", "--show-toplevel"], stop: stop);
        return end.ExitCode == 0 ? new GitRepository(end.Output.Trim(), stop)
            : throw new UsageException($"'{Path.GetFullPath(folder)}' is in no git repository. Name one with --repo DIR.");
    }

    /// <summary>Full hash of a revision.</summary>
    /// <exception cref="UsageException">It is unknown.</exception>
    public string Resolve(string revision, string option)
    {
        var end = Try("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
        return end.ExitCode == 0 ? end.Output.Trim()
            : throw new UsageException($"{option} '{revision}' is no commit of '{Root}'. Give a hash, branch or tag; `git log --oneline` lists them (a shallow clone may lack it: `git fetch --unshallow`).");
    }

    /// <summary>The candidates between two commits.</summary>
    /// <param name="good">Good end.</param>
    /// <param name="bad">Bad end.</param>
    /// <param name="paths">What of the tree can change an outcome; empty: all of it.</param>
    /// <exception cref="UsageException">The ends are the same, or the good one is no ancestor of the bad one.</exception>
    public CommitGraph Graph(string good, string bad, IReadOnlyList<string> paths)
    {
        if (good == bad)
            throw new UsageException($"--good and --bad are the same commit, {good[..12]}: there is nothing between them. Give a commit before the fall and one after it.");
        if (Try("merge-base", "--is-ancestor", good, bad).ExitCode != 0)
        {
            if (Try("merge-base", "--is-ancestor", bad, good).ExitCode == 0)
                throw new UsageException($"--good {good[..12]} comes after --bad {bad[..12]}: the ends are swapped.");
            var common = Try("merge-base", good, bad).Output.Trim();
            throw new UsageException($"--good {good[..12]} is no ancestor of --bad {bad[..12]}: they lie on different branches. {(common.Length > 12 ? $"Give their merge base, {common[..12]}, as --good, if it is good." : "They have no commit in common.")}");
        }
        var commits = Run("log", "--format=%H%x00%P%x00%s", bad, "^" + good).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\0'))
            .Select(p => new Commit(p[0], p[1].Split(' ', StringSplitOptions.RemoveEmptyEntries), "", p[2])).ToList();
        var inside = commits.Select(c => c.Id).ToHashSet();
        // What lies outside is an ancestor of the good end: as its parents, they are left out, and their contents are known.
        string[] outside = [.. commits.SelectMany(c => c.Parents).Where(p => !inside.Contains(p) && p != good).Distinct()];
        commits.Add(new Commit(good, outside));
        commits.AddRange(outside.Select(o => new Commit(o, [])));
        return CommitGraph.Between(commits.Select(c => c with { Content = Content(c.Id, paths) }), good, bad);
    }

    /// <summary>Digest of what can change an outcome in a commit.</summary>
    public string Content(string commit, IReadOnlyList<string> paths) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(paths.Count == 0 ? Run("rev-parse", commit + "^{tree}") : Run(["ls-tree", commit, "--", .. paths]))))[..24];

    /// <summary>A new worktree of a commit, on no branch.</summary>
    public void AddWorktree(string folder, string commit) => Run("worktree", "add", "--detach", "--force", "--quiet", folder, commit);

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

    /// <summary>Takes a commit back in a worktree, without committing.</summary>
    /// <returns>Null, or why it cannot be done.</returns>
    public string? Revert(string worktree, Commit commit)
    {
        string[] mainline = commit.Parents.Count > 1 ? ["-m", "1"] : [];
        var end = ProcessRunner.Run(worktree, ["git", "-c", "user.name=speechgan", "-c", "user.email=bisect@localhost", "revert", "--no-commit", .. mainline, commit.Id], stop: stop);
        if (end.ExitCode == 0)
            return null;
        var files = ProcessRunner.Run(worktree, ["git", "diff", "--name-only", "--diff-filter=U"], stop: stop).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return files.Length > 0 ? $"git cannot take it back: conflicts in {string.Join(", ", files)}" : $"git cannot take it back: {end.LastWords}";
    }

    /// <summary>What a commit changed: header and statistics, and the head of its patch.</summary>
    public (string Stat, string Patch) Show(string commit, int patchLines)
    {
        var patch = Run("show", "--format=", "--patch", "--first-parent", commit).Split('\n');
        return (Run("show", "--format=commit %H%nAuthor: %an%nDate:   %ad%n%n    %s%n", "--date=iso", "--stat", "--first-parent", commit).Trim(),
            string.Join('\n', patch.Take(patchLines)) + (patch.Length > patchLines ? $"\n... ({patch.Length - patchLines} lines more: git show {commit[..12]})" : ""));
    }

    private ProcessEnd Try(params string[] words) => ProcessRunner.Run(Root, ["git", .. words], stop: stop);

    private string Run(params string[] words)
    {
        var end = Try(words);
        return end.ExitCode == 0 ? end.Output : throw new UsageException($"git {words[0]} failed in '{Root}': {end.LastWords}");
    }
}
