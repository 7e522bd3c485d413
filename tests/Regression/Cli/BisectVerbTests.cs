using System.Text.Json;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>The program itself on a toy repository: found, cached, cleaned up, nothing of the checkout changed, and the sentences for what
/// cannot be done.</summary>
internal sealed class BisectVerbTests
{
    private const string Judge = "echo run >> $LOG; test $(cat value) = 1";
    private readonly string root = Directory.CreateTempSubdirectory("speechgan-bisect-").FullName;

    private string Repo => Path.Combine(root, "repo");

    private string Log => Path.Combine(root, "runs");

    // start (tag good) - doc - doc - [branch: doc - culprit] - merge - unbuildable - doc (tag bad)
    [OneTimeSetUp]
    public void SetUp()
    {
        Directory.CreateDirectory(Repo);
        Git("init", "-q", "-b", "main");
        Commit("start", "value", "1");
        Git("tag", "good");
        Commit("doc 1", "doc", "1");
        Git("checkout", "-q", "-b", "side");
        Commit("doc 2", "doc2", "2");
        Commit("Lower the value", "value", "0");
        Git("tag", "culprit");
        Git("checkout", "-q", "main");
        Commit("doc 3", "doc", "3");
        Git("merge", "-q", "--no-ff", "-m", "Merge the side", "side");
        Commit("Break the build", "broken", "yes");
        Commit("Mend the build", "broken", "no");
        Git("tag", "bad");
        File.WriteAllText(Path.Combine(Repo, "doc"), "not committed yet");
    }

    [OneTimeTearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task The_culprit_on_a_merged_branch_is_named_confirmed_and_kept_and_nothing_of_the_checkout_changes()
    {
        var cache = Path.Combine(root, "cache");
        var left = Directory.CreateDirectory(Path.Combine(cache, "work", "dead", "tree-1")).Parent!.FullName;
        File.WriteAllText(Path.Combine(left, "owner.json"), $$"""{"process": 1, "started": "0", "repository": "{{Repo}}"}""");
        var before = Git("status", "--porcelain") + Git("for-each-ref") + Git("rev-parse", "HEAD");

        var (code, output, error) = await Run(
            "--good",
            "good",
            "--bad",
            "bad",
            "--cache",
            cache,
            "--build",
            "test \"$(cat broken 2>/dev/null)\" != yes",
            "--json",
            "--",
            "sh",
            "-c",
            Judge
        );
        code.Should().Be(0, error);
        var report = JsonDocument.Parse(output).RootElement;
        report.GetProperty("culprit").GetString().Should().Be(Git("rev-parse", "culprit").Trim());
        report.GetProperty("confirmed").GetBoolean().Should().BeTrue();
        report.GetProperty("revert").GetString().Should().Be("cures");
        report.GetProperty("diff").GetProperty("patch").GetString().Should().Contain("-1").And.Contain("+0");
        error.Should().Contain("Removed what 1 killed bisect left behind.");
        Directory.GetFileSystemEntries(Path.Combine(cache, "work")).Should().BeEmpty();
        Git("worktree", "list").Trim().Split('\n').Should().HaveCount(1);
        (Git("status", "--porcelain") + Git("for-each-ref") + Git("rev-parse", "HEAD")).Should().Be(before);

        var runs = File.ReadAllLines(Log).Length;
        (code, output, error) = await Run(
            "--good",
            "good",
            "--bad",
            "bad",
            "--cache",
            cache,
            "--build",
            "test \"$(cat broken 2>/dev/null)\" != yes",
            "--",
            "sh",
            "-c",
            Judge
        );
        code.Should().Be(0, error);
        output.Should().Contain("is the first bad commit: Lower the value").And.Contain("bad again, its parent good again");
        File.ReadAllLines(Log).Should().HaveCount(runs, "all results were known");
    }

    [Test]
    public async Task Commits_that_do_not_build_around_the_culprit_are_named_together_with_it_and_the_exit_code_is_125()
    {
        var (code, output, error) = await Run(
            "--good",
            "culprit~1",
            "--bad",
            "bad",
            "--cache",
            Path.Combine(root, "cache-2"),
            "--",
            "sh",
            "-c",
            "test -e broken || test $(cat value) = 1 || exit 125; test $(cat value) = 1"
        );
        code.Should().Be(125, error);
        output.Should().Contain("Not sure: it is one of these").And.Contain("cannot be separated");
    }

    [Test]
    public async Task A_field_of_the_commands_json_decides_where_one_is_named()
    {
        var (code, output, error) = await Run(
            "--good",
            "good",
            "--bad",
            "bad",
            "--cache",
            Path.Combine(root, "cache-3"),
            "--paths",
            "value",
            "--field",
            "score.value",
            "--below",
            "0.5",
            "--",
            "sh",
            "-c",
            "echo \"{\\\"score\\\": {\\\"value\\\": $(cat value)}}\""
        );
        code.Should().Be(0, error);
        output.Should().Contain("is the first bad commit: Lower the value").And.Contain("1 change what matters");
    }

    [TestCase("--good good --bad nope", "--bad 'nope' is not a commit of")]
    [TestCase("--good bad --bad good", "the ends are swapped")]
    [TestCase("--good good --bad good", "--good and --bad are the same commit")]
    [TestCase("--good culprit --bad main~3", "they lie on different branches. Give their merge base")]
    [TestCase("--good culprit --bad bad", "already fails: exit code 1. Give an older commit")]
    [TestCase("--good good --bad good~0", "are the same commit")]
    [TestCase("--good good --bad good^{/nothing}", "is not a commit of")]
    [TestCase("--good good --bad culprit~1", "does not fail: exit code 0. The fault does not show here")]
    [TestCase("--good good --bad bad --repo /", "is not in a git repository. Name one with --repo DIR.")]
    [TestCase("--good good --bad bad --flaky 0.5", "--flaky is 0.5; allowed is 0 to below 0.5")]
    [TestCase("--good good --bad bad --confidence 1", "--confidence is 1; allowed is 0.5 to below 1")]
    [TestCase("--good good --bad bad --field a", "needs a bound: give --below X or --above X")]
    [TestCase("--good good --bad bad --below 1", "--below and --above are bounds of a field")]
    [TestCase("--good good --bad bad --field a --below 1", "--good")]
    [TestCase("--good good --bad bad --scenario healthy", "not both")]
    public async Task What_cannot_be_bisected_is_told_in_a_sentence_with_exit_code_2(string options, string sentence)
    {
        var (code, output, error) = await Run([
            .. options.Split(' '),
            "--cache",
            Path.Combine(root, "cache-bad"),
            "--",
            "sh",
            "-c",
            "test $(cat value) = 1",
        ]);
        error.Should().Contain(sentence);
        error.Should().NotContain("   at ");
        code.Should().Be(2, output);
    }

    [TestCase("config --good cmgan --bad cmgan", "set every option to the same value: there is nothing to search")]
    [TestCase(
        "config --good cmgan --bad nothing",
        "--bad 'nothing' is not a run folder, configuration file or preset (cmgan, upstream, small, tiny)."
    )]
    [TestCase("config --good cmgan --bad upstream --scenario helthy", "Did you mean 'healthy'?")]
    [TestCase(
        "config --good cmgan --bad upstream --set metric.onFailure=mask --set loss.timeReference=raw --set data.shuffle=once --set "
            + "evaluation.cut=full --set evaluation.cutSeconds=4",
        "there is nothing left to search"
    )]
    [TestCase("data --run {root}", "There is no run in")]
    [TestCase("data --run {root} --against {root} --epochs 1 2", "give one of them")]
    public async Task What_has_nothing_to_search_is_told(string command, string sentence)
    {
        using var child = Child.Start(null, 0, null, [.. $"bisect {command}".Replace("{root}", root, StringComparison.Ordinal).Split(' ')]);
        var (code, output, error) = await child.EndAsync();
        error.Should().Contain(sentence);
        code.Should().Be(2, output);
    }

    [TestCase("-- sh -c 'exit 0'", 0)]
    [TestCase("-- sh -c 'exit 3'", 3)]
    [TestCase("-- sh -c 'exit 125'", 125)]
    [TestCase("-- sh -c 'kill -9 $$'", 1)]
    public void The_script_for_gits_own_bisect_answers_in_its_exit_codes(string arguments, int code)
    {
        var end = Start("bash", "-c", $"'{Repository.PathOf("tools", "bisect-run")}' {arguments}");
        end.Code.Should().Be(code, end.Error);
    }

    private async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        string[] repo = arguments.Contains("--repo") ? [] : ["--repo", Repo];
        using var child = Child.Start(
            null,
            0,
            null,
            ["bisect", "commits", .. repo, .. arguments],
            new Dictionary<string, string> { ["LOG"] = Log }
        );
        return await child.EndAsync();
    }

    private void Commit(string subject, string file, string text)
    {
        File.WriteAllText(Path.Combine(Repo, file), text + "\n");
        Git("add", "-A");
        Git("commit", "-q", "-m", subject);
    }

    private string Git(params string[] words)
    {
        var end = Start("git", [.. new[] { "-c", "user.name=test", "-c", "user.email=test@localhost" }, .. words]);
        end.Code.Should().Be(0, end.Error);
        return end.Output;
    }

    private (int Code, string Output, string Error) Start(string program, params string[] words)
    {
        var end = Command.Buffered(Repo, program, words);
        return (end.ExitCode, end.StandardOutput, end.StandardError);
    }
}
