using System.Security.Cryptography;
using System.Text;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

/// <summary>What the bisect reads of a repository is what git says of it; made and asked by git itself.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class GitRepositoryTests
{
    private readonly string root = Directory.CreateTempSubdirectory("speechgan-git-").FullName;

    private string Repo => Path.Combine(root, "repo");

    // start (good) - side: two, merged - last (bad); beside it a branch of its own and one without a common commit
    [OneTimeSetUp]
    public void Make_a_history()
    {
        Directory.CreateDirectory(Path.Combine(Repo, "src", "deep"));
        Git(Repo, "init", "-q", "-b", "main");
        Commit("start", "src/deep/a", "1");
        Git(Repo, "tag", "good");
        Git(Repo, "checkout", "-q", "-b", "side");
        Commit("Lower the value\n\nA body that no report shows.", "src/deep/a", "0");
        Commit("two", "doc", "2");
        Git(Repo, "checkout", "-q", "main");
        Commit("three", "global.json", "{}");
        Git(Repo, "merge", "-q", "--no-ff", "-m", "Merge the side", "side");
        Commit("last", "doc", "last");
        Git(Repo, "tag", "-a", "-m", "annotated", "bad");
        Git(Repo, "checkout", "-q", "-b", "other", "good");
        Commit("elsewhere", "doc", "else");
        Git(Repo, "checkout", "-q", "--orphan", "alone");
        Commit("no parent", "doc", "alone");
        Git(Repo, "checkout", "-q", "main");
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [TestCase("bad")]
    [TestCase("main~1")]
    [TestCase("main^{/Lower}")]
    [TestCase("good")]
    public void A_revision_is_the_commit_git_says(string revision)
    {
        using var repository = Open(Repo);
        repository.Resolve(revision, "--good").Should().Be(Git(Repo, "rev-parse", revision + "^{commit}").Trim());
        var id = repository.Resolve(revision, "--good");
        repository.Resolve(id[..9], "--good").Should().Be(id);
    }

    [Test]
    public void Candidates_are_those_of_git_log_with_parents_and_subjects()
    {
        using var repository = Open(Repo);
        string good = repository.Resolve("good", "--good"),
            bad = repository.Resolve("bad", "--bad");
        var graph = repository.Graph(good, bad, []);
        graph
            .Candidates.Select(c => $"{c.Id} {string.Join(' ', c.Parents)} {c.Subject}")
            .Should()
            .BeEquivalentTo(Git(Repo, "log", "--format=%H %P %s", "bad", "^good").Trim().Split('\n'));
        repository
            .Graph(good, bad, ["src", "nothing/here"])
            .Possible.Should()
            .Be(1, "one commit of the side changes src; the merge has its parent's");
    }

    // Kept results are found by this digest: those of earlier versions, which asked git, too.
    [TestCase("bad", "")]
    [TestCase("bad", "src/deep global.json doc nothing")]
    [TestCase("good", "src global.json")]
    public void Content_has_the_digest_of_gits_own_words(string revision, string paths)
    {
        string[] words = paths.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var repository = Open(Repo);
        var said = words.Length == 0 ? Git(Repo, "rev-parse", revision + "^{tree}") : Git(Repo, ["ls-tree", revision, "--", .. words]);
        repository
            .Content(repository.Resolve(revision, "--good"), words)
            .Should()
            .Be(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..24]);
    }

    [Test]
    public void A_commit_is_shown_with_author_numbers_of_lines_and_the_head_of_its_patch()
    {
        using var repository = Open(Repo);
        var id = repository.Resolve("main^{/Lower}", "--good");
        var (stat, patch) = repository.Show(id, 7);
        stat.Should()
            .StartWith($"commit {id}\nAuthor: Test\nDate:   20")
            .And.EndWith("    Lower the value\n\n src/deep/a | +1 -1\n 1 changed: +1 -1 lines");
        patch.Should().Contain("+++ b/src/deep/a").And.Contain("@@ -1 +1 @@\n-1").And.EndWith($"lines more: git show {id[..12]})");
        var (merge, _) = repository.Show(repository.Resolve("main^{/Merge}", "--good"), 7);
        merge.Should().Contain(" doc        | +1 -0\n src/deep/a | +1 -1\n", "a merge is shown against its first parent");
    }

    [Test]
    public void A_worktree_of_the_repository_and_a_folder_in_it_are_the_repository()
    {
        var tree = Path.Combine(root, "tree");
        Git(Repo, "worktree", "add", "-q", "--detach", tree, "good");
        using (var repository = Open(Path.Combine(tree, "src")))
        {
            repository.Root.Should().Be(tree);
            repository.Resolve("bad", "--bad").Should().Be(Git(Repo, "rev-parse", "bad^{commit}").Trim());
        }
        GitRepository.RemoveWorktree(Repo, tree);
        Directory.Exists(tree).Should().BeFalse();
    }

    [TestCase("nope", "--good 'nope' is not a commit of '{0}'. Give a hash, branch or tag; `git log --oneline` lists them.")]
    [TestCase("a b..c^{", "--good 'a b..c^{{' is not a commit of '{0}'.")]
    [TestCase("good^{tree}", "--good 'good^{{tree}}' is not a commit of '{0}'.")]
    public void An_unknown_revision_is_told(string revision, string sentence)
    {
        using var repository = Open(Repo);
        Told(() => repository.Resolve(revision, "--good"))
            .Should()
            .StartWith(string.Format(null, sentence, Repo))
            .And.NotContain("shallow");
    }

    [TestCase("good", "good", "are the same commit")]
    [TestCase("bad", "good", "the ends are swapped")]
    [TestCase("other", "bad", "they lie on different branches. Give their merge base, ")]
    [TestCase("alone", "bad", "they lie on different branches. They have no commit in common.")]
    public void Ends_that_bound_nothing_are_told(string good, string bad, string sentence)
    {
        using var repository = Open(Repo);
        Told(() => repository.Graph(repository.Resolve(good, "--good"), repository.Resolve(bad, "--bad"), [])).Should().Contain(sentence);
    }

    [Test]
    public void A_shallow_clone_says_so_where_its_history_ends()
    {
        var shallow = Path.Combine(root, "shallow");
        Git(root, "clone", "-q", "--depth", "2", "--no-single-branch", "file://" + Repo, shallow);
        using var repository = Open(shallow);
        Told(() => repository.Resolve("main~7", "--good"))
            .Should()
            .EndWith("It may lie before the oldest commit of this shallow clone: `git fetch --unshallow` fetches the rest.");
        Told(() => repository.Graph(repository.Resolve("origin/other", "--good"), repository.Resolve("origin/main", "--bad"), []))
            .Should()
            .EndWith("What joins them may lie before the oldest commit of this shallow clone: `git fetch --unshallow` fetches the rest.");
    }

    [Test]
    public void No_repository_and_one_without_a_checkout_are_told()
    {
        var bare = Path.Combine(root, "bare");
        Git(root, "init", "-q", "--bare", bare);
        Told(() => Open(root)).Should().Be($"'{root}' is not in a git repository. Name one with --repo DIR.");
        Told(() => Open(Path.Combine(root, "nowhere")))
            .Should()
            .Be($"There is no folder '{Path.Combine(root, "nowhere")}'. Name the repository's checkout with --repo DIR.");
        Told(() => Open(bare)).Should().Be($"'{bare}' is a bare repository, without a checkout. Name a checkout of it with --repo DIR.");
    }

    [Test]
    public void A_damaged_repository_is_told()
    {
        var damaged = Path.Combine(root, "damaged");
        Git(root, "clone", "-q", Repo, damaged);
        foreach (var file in Directory.GetFiles(Path.Combine(damaged, ".git", "objects"), "*", SearchOption.AllDirectories))
            File.Delete(file);
        using var repository = Open(damaged);
        Told(() => repository.Graph(Git(Repo, "rev-parse", "good").Trim(), Git(Repo, "rev-parse", "bad^{commit}").Trim(), []))
            .Should()
            .Contain("`git fsck` says more.");
    }

    [Test]
    public void Another_users_repository_is_told_with_what_to_do()
    {
        if (Environment.UserName != "root")
            Assert.Ignore("only root can give a folder to another user");
        var theirs = Path.Combine(root, "theirs");
        Git(root, "clone", "-q", Repo, theirs);
        ProcessRunner.Run(root, ["chown", "-R", "65534", theirs]).ExitCode.Should().Be(0);
        Told(() => Open(Path.Combine(theirs, "src")))
            .Should()
            .Be(
                $"The repository of '{theirs}' belongs to another user, and git refuses to read it. If you trust it: git "
                    + $"config --global --add safe.directory '{theirs}'"
            );
    }

    private static GitRepository Open(string folder) => GitRepository.Open(folder, CancellationToken.None);

    private static string Told(Action what) => Assert.Throws<UsageException>(() => what())!.Message;

    private void Commit(string message, string file, string text)
    {
        File.WriteAllText(Path.Combine(Repo, file), text + "\n");
        Git(Repo, "add", "-A");
        Git(Repo, "-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "-q", "-m", message);
    }

    private static string Git(string folder, params string[] words)
    {
        var end = ProcessRunner.Run(folder, ["git", "-c", "user.name=Test", "-c", "user.email=test@localhost", .. words]);
        end.ExitCode.Should().Be(0, end.LastWords);
        return end.Output;
    }
}
