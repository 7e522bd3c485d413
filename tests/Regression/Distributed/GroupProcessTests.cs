using System.Globalization;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>The program itself in several processes, as torchrun or its own launcher starts it: whole runs, deaths, pauses, and what comes after.</summary>
public sealed class GroupProcessTests
{
    private static readonly string[] Knobs =
        ["train.epochs=2", "train.stepsPerEpoch=2", "checkpoint.everySteps=1", "evaluation.cutSeconds=0.5", "train.replicaCheckSteps=1", "metric.workers=1", "evaluation.workers=1"];

    private Workplace place = null!;
    private string whole = null!;
    private SortedDictionary<string, string> expected = null!;

    [OneTimeSetUp]
    public async Task Train_once_in_two_processes()
    {
        Ranks.Require();
        place = new Workplace(train: 8, valid: 2, test: 2);
        whole = place.NewRun();
        using var child = Child.Start(null, 0, null, ["launch", "--processes", "2", "--", .. Train(whole)]);
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(0, output + error);
        error.Should().BeEmpty();
        output.Should().Contain("All 9 oracle checks hold.").And.Contain("(completed)");
        expected = EndState.Of(whole);
    }

    [OneTimeTearDown]
    public void Remove() => place?.Dispose();

    [Test]
    public void A_run_in_two_processes_records_the_whole_batch_and_says_how_many_they_were()
    {
        var record = RunRecord.Load(whole);
        record.Info.Processes.Should().Be(2);
        record.Steps.Should().HaveCount(4).And.OnlyContain(s => s.SampleCount == 4 && s.Samples!.Count == 4 && s.Seconds!.Collectives > 0 && s.ReducedBytes > 0);
        var names = SmallRun.Open(place.Corpus, record.Config!).Train.Select(u => u.Name).ToList();
        record.Steps.Where(s => s.Epoch == 1).SelectMany(s => s.Samples!).Select(s => s.Name).Should().BeEquivalentTo(names, "an epoch sees every utterance once, whichever rank reads it");
        record.Epochs.Should().OnlyContain(e => e.BatchesSeen == 2 && e.SamplesSeen == 8);
        record.Evaluations.Where(e => e is { Split: "valid", Epoch: 1 }).Select(e => e.Name).Should().Equal(SmallRun.Open(place.Corpus, record.Config!).Valid.Select(u => u.Name));
    }

    [TestCase(2)]
    [TestCase(3)]
    public async Task Evaluation_shared_over_processes_gives_the_bytes_of_one(int processes)
    {
        string[] evaluate = ["evaluate", "--checkpoint", whole, "--data", place.Corpus, "--seconds", "0.5", "--json", "--set", "evaluation.workers=1"];
        var alone = await Ends(evaluate, 0);
        alone.Should().Contain("pesq_wb");
        (await Ends(["launch", "--processes", processes.ToString(CultureInfo.InvariantCulture), "--", .. evaluate], 0)).Should().Be(alone);
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task A_killed_rank_ends_the_group_and_the_group_continues_to_the_same_bits(int killed)
    {
        var run = place.NewRun();
        using (var group = Group.Start(run, 4, Train(run)))
        {
            (await group.ReachedAsync()).Should().BeTrue();
            group[killed].Kill();
            var (code, _, error) = await group[1 - killed].EndAsync();
            code.Should().Be(3, error);
            error.Should().StartWith((killed == 0 ? "rank 1: " : "") + $"speechgan: Rank {1 - killed} of 2 lost its group in ")
                .And.Contain("start all ranks again with --resume");
        }
        var record = RunRecord.Load(run);
        record.Info.Status.Should().Be(RunStatus.Interrupted);
        if (killed == 1)
            record.Info.Why.Should().StartWith("Rank 0 of 2 lost its group in ");
        await Restarted(run);
    }

    [Test]
    public async Task A_paused_rank_ends_the_group_at_the_deadline_and_the_group_continues_to_the_same_bits()
    {
        var run = place.NewRun();
        const int stopSignal = 19;
        using (var group = Group.Start(run, 4, [.. Train(run), "--set", "train.collectiveTimeoutSeconds=15"]))
        {
            (await group.ReachedAsync()).Should().BeTrue();
            group[1].Signal(stopSignal);
            var (code, _, error) = await group[0].EndAsync();
            code.Should().Be(3, error);
            error.Should().Contain("the others did not answer within 15 s (train.collectiveTimeoutSeconds). Another process was killed, is paused or cannot be reached.");
            RunRecord.Load(run).Info.Status.Should().Be(RunStatus.Interrupted);
        }
        await Continues(run, "train.collectiveTimeoutSeconds=300");  // as the uninterrupted one; checkpoints made before keep a copy of the old value
    }

    [Test]
    public async Task A_request_to_stop_reaches_all_ranks_through_the_launcher_and_loses_nothing()
    {
        var run = place.NewRun();
        using (var child = Child.Start(run, 2, RunFolder.StepsName, ["launch", "--processes", "2", "--", .. Train(run)]))
        {
            (await child.ReachedAsync()).Should().BeTrue();
            child.Signal(Child.Terminate);
            var (code, output, error) = await child.EndAsync();
            code.Should().Be(130, output + error);
            error.Should().BeEmpty();
            var record = RunRecord.Load(run);
            record.Info.Why.Should().Be($"stopped on request after step {record.Steps.Count}");
        }
        await Continues(run);
    }

    [Test]
    public async Task The_launcher_tells_who_died_and_ends_the_others()
    {
        var run = place.NewRun();
        using var child = Child.Start(run, 2, RunFolder.StepsName, ["launch", "--processes", "2", "--", .. Train(run)]);
        (await child.ReachedAsync()).Should().BeTrue();
        child.KillOffspring("RANK=1");
        var (code, _, error) = await child.EndAsync();
        code.Should().Be(128 + 9, error);
        error.Should().Contain("speechgan: rank 1 of 2 was ended by signal 9 (SIGKILL; the kernel sends it, too, when memory runs out); the others end, too.")
            .And.Contain("speechgan: Rank 0 of 2 lost its group in ");
        RunRecord.Load(run).Info.Status.Should().Be(RunStatus.Interrupted);
    }

    [Test]
    public async Task A_group_that_is_started_again_after_its_end_has_nothing_to_do()
    {
        using var group = Group.Start(null, 0, Train(whole), ("SLURM_RESTART_COUNT", "1"));
        var (code, output, error) = await group[0].EndAsync();
        output.Should().Be($"The run in '{whole}' is complete already: nothing is left to do after the restart.", error);
        code.Should().Be(0);
        (await group[1].EndAsync()).ExitCode.Should().Be(0);
    }

    [Test]
    public async Task Ranks_with_other_command_lines_are_refused_on_all_of_them()
    {
        var run = place.NewRun();
        var port = Ranks.FreePort();
        using var first = Group.Rank(0, port, null, 0, Train(run));
        using var second = Group.Rank(1, port, null, 0, [.. Train(run), "--seed", "9"]);
        const string sentence = "speechgan: Rank 1 was started with seed=9 and rank 0 with 1: all processes of a group take the same command line.";
        (await first.EndAsync()).Should().Match<(int ExitCode, string Output, string Error)>(e => e.ExitCode == 2 && e.Error == sentence);
        (await second.EndAsync()).Should().Match<(int ExitCode, string Output, string Error)>(e => e.ExitCode == 2 && e.Error == "rank 1: " + sentence);
        Directory.Exists(run).Should().BeFalse();
    }

    [TestCase("launch --processes 2", "launch needs the command that the processes run, after --: speechgan launch --processes 2 -- train --data DIR --out RUN.")]
    [TestCase("launch --processes 0 -- train", "--processes is 0; allowed is a whole number from 1 to 64.")]
    [TestCase("launch --processes 65 -- train", "--processes is 65; allowed is a whole number from 1 to 64. For more, start the ranks on several machines with torchrun or Slurm.")]
    [TestCase("launch --processes two -- train", "Cannot parse argument 'two' for option '--processes'")]
    [TestCase("launch -- train", "Option '--processes' is required.")]
    [TestCase("launch --processes 2 -- score a b", "'score' does not run in several processes; allowed after -- are train and evaluate.")]
    [TestCase("launch --processes 2 -- train --data {corpus}", "Option '--out' is required.")]
    [TestCase("launch --processes 2 -- train --data {corpus} --out {whole} --preset tiny", "There is a run in '{whole}' already.")]
    [TestCase("launch --processes 2 -- train --data {corpus} --out {root}/r --preset tiny --set data.batchSize=7", "fewer than one batch of 7 for each of 2 processes")]
    [TestCase("launch --processes 3 -- train --data {corpus} --out {whole} --resume --epochs 9", "trains in 2 processes and was to be continued in 3; with another number it would see other batches. Continue it in 2, for example with speechgan launch --processes 2,")]
    [TestCase("train --data {corpus} --out {whole} --resume --epochs 9", "trains in 2 processes and was to be continued in 1;")]
    public async Task Bad_usage_gets_a_sentence_and_exit_code_2(string command, string sentence)
    {
        string Fill(string text) => text.Replace("{corpus}", place.Corpus, StringComparison.Ordinal).Replace("{whole}", whole, StringComparison.Ordinal).Replace("{root}", place.Root, StringComparison.Ordinal);
        using var child = Child.Start(null, 0, null, command.Split(' ').Select(Fill));
        var (code, output, error) = await child.EndAsync();
        error.Should().Contain(Fill(sentence)).And.NotContain("   at ", "a stack trace is no sentence");
        code.Should().Be(2, output);
        RunRecord.Load(whole).Info.Status.Should().Be(RunStatus.Completed, "nothing is touched");
    }

    [TestCase("RANK=1 WORLD_SIZE=1x", "rank 1: speechgan: WORLD_SIZE is '1x'; allowed is a whole number from 1 to 65536")]
    [TestCase("RANK=1", "speechgan: RANK is 1 and WORLD_SIZE is not set")]
    [TestCase("RANK=2 WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=1", "rank 2: speechgan: RANK is '2'; allowed is a whole number from 0 to 1")]
    public async Task Variables_that_place_no_process_get_a_sentence_and_exit_code_2(string variables, string sentence)
    {
        using var child = Child.Start(null, 0, null, Train(place.NewRun()), variables.Split(' ').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]));
        var (code, _, error) = await child.EndAsync();
        error.Should().StartWith(sentence);
        code.Should().Be(2);
    }

    /// <summary>torchrun and Slurm start a group again with the same words: no --resume, and the run goes on all the same.</summary>
    private async Task Restarted(string run)
    {
        using var group = Group.Start(null, 0, Train(run), ("SLURM_RESTART_COUNT", "1"));
        var (code, output, error) = await group[0].EndAsync();
        code.Should().Be(0, error);
        output.Should().MatchRegex("^Continuing from checkpoint epoch-000[12](-step-00000[0-9])?: [1-4] steps done.");
        (await group[1].EndAsync()).ExitCode.Should().Be(0);
        EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty();
    }

    private async Task Continues(string run, params string[] knobs)
    {
        await Ends(["launch", "--processes", "2", "--", "train", "--data", place.Corpus, "--out", run, "--resume", .. knobs.SelectMany(k => new[] { "--set", k })], 0);
        EndState.Differences(expected, EndState.Of(run)).Where(d => knobs.Length == 0 || !d.Contains(", config.json: ", StringComparison.Ordinal)).Should().BeEmpty();
    }

    private static async Task<string> Ends(IEnumerable<string> command, int expectedCode)
    {
        using var child = Child.Start(null, 0, null, command);
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(expectedCode, output + error);
        return output;
    }

    private IEnumerable<string> Train(string run) =>
        ["train", "--data", place.Corpus, "--out", run, "--preset", "tiny", .. SmallRun.Overrides.Concat(Knobs).SelectMany(k => new[] { "--set", k })];

    /// <summary>Two ranks started one by one, as torchrun, Slurm and Kubernetes do; rank 0's run folder is watched.</summary>
    private sealed class Group(Child first, Child second) : IDisposable
    {
        public Child this[int rank] => rank == 0 ? first : second;

        public static Group Start(string? watch, int steps, IEnumerable<string> command, params (string Name, string Value)[] variables)
        {
            var port = Ranks.FreePort();
            var words = command.ToList();
            return new Group(Rank(0, port, watch, steps, words, variables), Rank(1, port, null, 0, words, variables));
        }

        public static Child Rank(int rank, int port, string? watch, int steps, IEnumerable<string> command, params (string Name, string Value)[] variables) =>
            Child.Start(watch, steps, watch is null ? null : RunFolder.StepsName, command, variables.Concat(
            [
                ("RANK", rank.ToString(CultureInfo.InvariantCulture)), ("WORLD_SIZE", "2"), ("LOCAL_RANK", rank.ToString(CultureInfo.InvariantCulture)),
                ("MASTER_ADDR", "127.0.0.1"), ("MASTER_PORT", port.ToString(CultureInfo.InvariantCulture)),
            ]).ToDictionary(v => v.Item1, v => v.Item2));

        public Task<bool> ReachedAsync() => first.ReachedAsync();

        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}
