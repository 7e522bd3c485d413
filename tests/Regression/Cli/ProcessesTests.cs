using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>Several processes are not possible in this build: who asks for them, in words or by the environment, is told before anything is touched.</summary>
internal sealed class ProcessesTests
{
    private const string Missing = "speechgan: This build cannot work in several processes: TorchSharp has no process groups, and MPI is not supported yet.";
    private Workplace place = null!;

    [OneTimeSetUp]
    public void SetUp() => place = new Workplace();

    [OneTimeTearDown]
    public void TearDown() => place.Dispose();

    [Test]
    public async Task Launch_says_what_is_missing_and_starts_nothing()
    {
        var run = place.NewRun();
        var (code, output, error) = await Ends(["launch", "--processes", "2", "--", .. Train(run)]);
        error.Should().Be($"{Missing} Run speechgan train without launch, in one process: it uses all cores.");
        code.Should().Be(3);
        output.Should().BeEmpty();
        Directory.Exists(run).Should().BeFalse();
    }

    [TestCase("launch --processes 0 -- train", "--processes is 0; allowed is a whole number from 1 to 64.")]
    [TestCase("launch --processes 65 -- train", "--processes is 65; allowed is a whole number from 1 to 64.")]
    [TestCase("launch --processes two -- train", "Cannot parse argument 'two' for option '--processes'")]
    [TestCase("launch -- train", "Option '--processes' is required.")]
    [TestCase("launch --processes 2", "launch needs the command that the processes run, after --")]
    [TestCase("launch --processes 2 -- score a b", "'score' does not run in several processes; allowed after -- are train and evaluate.")]
    public async Task Bad_usage_gets_a_sentence_and_exit_code_2(string command, string sentence)
    {
        var (code, _, error) = await Ends(command.Split(' '));
        error.Should().Contain(sentence);
        code.Should().Be(2);
    }

    [TestCase("train")]
    [TestCase("train --resume")]
    [TestCase("evaluate")]
    public async Task A_place_among_others_in_the_environment_is_refused(string words)
    {
        var run = place.NewRun();
        IEnumerable<string> command = words switch
        {
            "train" => Train(run),
            "evaluate" => ["evaluate", "--checkpoint", run, "--data", place.Corpus],
            _ => ["train", "--data", place.Corpus, "--out", run, "--resume"],
        };
        var (code, output, error) = await Ends(command, ("RANK", "1"), ("WORLD_SIZE", "4"));
        error.Should().Be($"{Missing} RANK is 1 and WORLD_SIZE is 4 in the environment. Unset both to work in one process, which uses all cores.");
        code.Should().Be(3);
        output.Should().BeEmpty();
        Directory.Exists(run).Should().BeFalse();
    }

    [TestCase("RANK=1 WORLD_SIZE=1x", "speechgan: WORLD_SIZE is '1x'; allowed is a whole number from 1 to 65536")]
    [TestCase("RANK=1", "speechgan: RANK is 1 and WORLD_SIZE is not set")]
    [TestCase("RANK=2 WORLD_SIZE=2", "speechgan: RANK is '2'; allowed is a whole number from 0 to 1")]
    public async Task Variables_that_place_no_process_get_a_sentence_and_exit_code_2(string variables, string sentence)
    {
        var (code, _, error) = await Ends(Train(place.NewRun()), [.. variables.Split(' ').Select(v => v.Split('=')).Select(v => (v[0], v[1]))]);
        error.Should().StartWith(sentence);
        code.Should().Be(2);
    }

    [Test]
    public async Task A_group_of_one_trains_alone()
    {
        var run = place.NewRun();
        var (code, output, error) = await Ends(Train(run), ("RANK", "0"), ("WORLD_SIZE", "1"));
        code.Should().Be(0, output + error);
        var record = RunRecord.Load(run);
        record.Info.Status.Should().Be(RunStatus.Completed);
        record.Info.Processes.Should().Be(1);
    }

    [Test]
    public async Task The_doctor_says_it_in_a_line()
    {
        var (_, output, _) = await Ends(["doctor"]);
        output.Should().Contain("absent processes one, on all cores This build cannot work in several processes");
    }

    private IEnumerable<string> Train(string run) =>
        ["train", "--data", place.Corpus, "--out", run, "--preset", "tiny", .. SmallRun.Overrides.Append("train.epochs=1").SelectMany(k => new[] { "--set", k })];

    private static async Task<(int ExitCode, string Output, string Error)> Ends(IEnumerable<string> command, params (string Name, string Value)[] variables)
    {
        using var child = Child.Start(null, 0, null, command, variables.ToDictionary(v => v.Name, v => v.Value));
        return await child.EndAsync();
    }
}
