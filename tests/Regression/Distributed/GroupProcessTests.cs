using System.Globalization;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>The program itself in several processes under mpirun: whole runs, deaths, pauses, requests to stop, and what comes
/// after.</summary>
[TestFixture(Mpi.Open)]
[TestFixture(Mpi.Mpich)]
internal sealed class GroupProcessTests(string name)
{
    private const int Kill = 9,
        Pause = 19;

    private static readonly string[] Knobs =
    [
        "train.epochs=2",
        "train.stepsPerEpoch=2",
        "checkpoint.everySteps=1",
        "evaluation.cutSeconds=0.5",
        "train.replicaCheckSteps=1",
        "metric.workers=1",
        "evaluation.workers=1",
    ];

    private Mpi mpi = null!;
    private Workplace place = null!;
    private string whole = null!;
    private SortedDictionary<string, string> expected = null!;

    [OneTimeSetUp]
    public async Task Train_once_in_two_processes()
    {
        mpi = Mpi.Require(name);
        place = new Workplace(train: 8, valid: 2, test: 2);
        whole = place.NewRun();
        var output = await Ends(["launch", "--processes", "2", "--", .. Train(whole)], 0);
        output
            .Should()
            .StartWith("Disk: the run will take about ")
            .And.Contain(" are free. All 34 reconstruction checks hold. ")
            .And.Contain("(completed)");
        expected = EndState.Of(whole);
    }

    [OneTimeTearDown]
    public void Remove()
    {
        place?.Dispose();
        mpi?.Dispose();
    }

    [Test]
    public void A_run_in_two_processes_records_the_whole_batch_and_says_how_many_they_were()
    {
        var record = RunRecord.Load(whole);
        record.Info.Processes.Should().Be(2);
        record
            .Steps.Should()
            .HaveCount(4)
            .And.OnlyContain(s => s.SampleCount == 4 && s.Samples!.Count == 4 && s.Seconds!.Collectives > 0 && s.ReducedBytes > 0);
        var names = SmallRun.Open(place.Corpus, record.Config!).Train.Select(u => u.Name).ToList();
        record
            .Steps.Where(s => s.Epoch == 1)
            .SelectMany(s => s.Samples!)
            .Select(s => s.Name)
            .Should()
            .BeEquivalentTo(names, "an epoch sees every utterance once, whichever rank reads it");
        record.Epochs.Should().OnlyContain(e => e.BatchesSeen == 2 && e.SamplesSeen == 8);
        record
            .Evaluations.Where(e => e is { Split: "valid", Epoch: 1 })
            .Select(e => e.Name)
            .Should()
            .Equal(SmallRun.Open(place.Corpus, record.Config!).Valid.Select(u => u.Name));
    }

    [Test]
    public async Task Two_processes_of_batch_2_take_the_steps_of_one_of_batch_4()
    {
        // As the threads' test: by the order of sums alone, 4e-15 measured there. Weights of dead biases are rounding noise that AdamW
        // enlarges: losses tell.
        string[] exact =
        [
            "train.precision=float64",
            "model.dropout=0",
            "discriminator.dropout=0",
            "train.syncBatchNorm=true",
            "model.channels=8",
            "model.heads=2",
        ];
        string one = place.NewRun(),
            two = place.NewRun();
        await Ends(Train(one, [.. exact, "data.batchSize=4"]), 0);
        await Ends(["launch", "--processes", "2", "--", .. Train(two, [.. exact, "data.batchSize=2"])], 0);
        IReadOnlyList<StepTelemetry> alone = RunRecord.Load(one).Steps,
            together = RunRecord.Load(two).Steps;
        together.Should().HaveCount(4);
        foreach (var (a, b) in together.Zip(alone))
        {
            a.Samples!.Select(s => s.Name).Should().Equal(b.Samples!.Select(s => s.Name));
            a.Loss.Total!.Value.Should().BeApproximately(b.Loss.Total!.Value, 1e-10);
            a.DiscriminatorLoss!.Value.Should().BeApproximately(b.DiscriminatorLoss!.Value, 1e-10);
            a.GradientNorm!.Generator!.Value.Should().BeApproximately(b.GradientNorm!.Generator!.Value, 1e-10);
            a.Samples!.Zip(b.Samples!, (x, y) => Math.Abs(x.Pesq!.Value - y.Pesq!.Value))
                .Max()
                .Should()
                .BeLessThan(1e-6, "PESQ takes the signal in float32");
        }
    }

    [TestCase(2)]
    [TestCase(3)]
    public async Task Evaluation_shared_over_processes_gives_the_bytes_of_one_and_rank_0_writes_them(int processes)
    {
        string alone = place.NewRun(),
            shared = place.NewRun();
        string[] evaluate =
        [
            "evaluate",
            "--checkpoint",
            whole,
            "--data",
            place.Corpus,
            "--seconds",
            "0.5",
            "--json",
            "--set",
            "evaluation.workers=1",
            "--save",
        ];
        var expectedOutput = await Ends([.. evaluate, alone], 0);
        expectedOutput.Should().Contain("pesq_wb");
        (await Ends(["launch", "--processes", processes.ToString(CultureInfo.InvariantCulture), "--", .. evaluate, shared], 0))
            .Should()
            .Be(expectedOutput);
        Directory
            .GetFiles(shared)
            .Select(Path.GetFileName)
            .Should()
            .BeEquivalentTo(Directory.GetFiles(alone).Select(Path.GetFileName))
            .And.HaveCount(2);
        foreach (var file in Directory.GetFiles(alone))
            File.ReadAllBytes(Path.Combine(shared, Path.GetFileName(file))).Should().Equal(File.ReadAllBytes(file));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task A_killed_rank_ends_the_job_and_it_continues_to_the_same_bits(int killed)
    {
        var run = place.NewRun();
        using (var child = Child.Start(run, 2, RunFolder.StepsName, ["launch", "--processes", "2", "--", .. Train(run)], mpi.Environment))
        {
            (await child.ReachedAsync()).Should().BeTrue();
            Child.Signal(mpi.ProcessOf(killed, run), Kill);
            var (code, _, error) = await child.EndAsync();
            error
                .Should()
                .Contain(
                    "speechgan: a rank was ended by signal 9 (SIGKILL; the kernel sends it, too, when memory runs out), and mpirun "
                        + "ended the others. What was saved is intact: launch again with --resume."
                );
            code.Should().Be(128 + 9);
        }
        RunRecord.Load(run).Info.Status.Should().NotBe(RunStatus.Completed);
        await Continues(run);
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task A_paused_rank_ends_the_job_at_the_deadline_and_it_continues_to_the_same_bits(int paused)
    {
        var run = place.NewRun();
        using (
            var child = Child.Start(
                run,
                2,
                RunFolder.StepsName,
                ["launch", "--processes", "2", "--", .. Train(run, "train.collectiveTimeoutSeconds=10")],
                mpi.Environment
            )
        )
        {
            (await child.ReachedAsync()).Should().BeTrue();
            Child.Signal(mpi.ProcessOf(paused, run), Pause);
            var (code, _, error) = await child.EndAsync();
            error
                .Should()
                .Contain($"speechgan: Rank {1 - paused} of 2 lost its group in ")
                .And.Contain(
                    "the others did not answer within 10 s (train.collectiveTimeoutSeconds). Another process was killed, is paused or "
                        + "cannot be reached."
                )
                .And.Contain("start all ranks again with --resume");
            code.Should().Be(3, error);
        }
        if (paused == 1)
            RunRecord
                .Load(run)
                .Info.Should()
                .Match<RunInfo>(i => i.Status == RunStatus.Interrupted && i.Why!.StartsWith("Rank 0 of 2 lost its group in "));
        // as the uninterrupted one; checkpoints made before keep a copy of the old value
        await Continues(run, "train.collectiveTimeoutSeconds=300");
    }

    [Test]
    public async Task A_rank_that_dies_before_its_first_collective_ends_the_job()
    {
        var run = place.NewRun();
        var (code, output, error) = await Ranks(Child.Program(Train(run)), ["sh", "-c", "kill -9 $$"]);
        code.Should().BeOneOf([128 + 9, 9], output + error); // MPICH gives the bare number
        Directory.Exists(run).Should().BeFalse();
    }

    [TestCase(Child.Interrupt)]
    [TestCase(Child.Terminate)]
    public async Task A_request_to_stop_reaches_all_ranks_and_loses_nothing(int signal)
    {
        var run = place.NewRun();
        using (var child = Child.Start(run, 2, RunFolder.StepsName, ["launch", "--processes", "2", "--", .. Train(run)], mpi.Environment))
        {
            (await child.ReachedAsync()).Should().BeTrue();
            child.Signal(signal);
            var (code, output, error) = await child.EndAsync();
            code.Should().Be(130, output + error);
            var record = RunRecord.Load(run);
            record.Info.Why.Should().Be($"stopped on request after step {record.Steps.Count}");
        }
        await Continues(run);
    }

    [Test]
    public async Task Ranks_with_other_command_lines_are_refused_in_one_sentence()
    {
        var run = place.NewRun();
        var (code, _, error) = await Ranks(Child.Program(Train(run)), Child.Program([.. Train(run), "--seed", "9"]));
        error
            .Should()
            .Be("speechgan: Rank 1 was started with seed=9 and rank 0 with 1: all processes of a group take the same command line.");
        code.Should().Be(2);
        Directory.Exists(run).Should().BeFalse();
    }

    [Test]
    public async Task A_rank_without_the_data_folder_is_named()
    {
        var run = place.NewRun();
        var (code, _, error) = await Ranks(
            Child.Program(Train(run)),
            Child.Program(Train(run).Select(w => w == place.Corpus ? place.Root + "/nothing" : w))
        );
        error
            .Should()
            .Match(
                $"speechgan: Rank 1 on {Environment.MachineName} cannot use the corpus: {place.Root}/nothing * Other ranks can: each "
                    + $"rank reads it, so give a folder that every machine sees, or copies."
            );
        code.Should().Be(2);
        Directory.Exists(run).Should().BeFalse();
    }

    [Test]
    public async Task A_rank_with_another_corpus_is_named()
    {
        using var other = new Workplace(train: 7, valid: 2, test: 2);
        var run = place.NewRun();
        var (code, _, error) = await Ranks(
            Child.Program(Train(run)),
            Child.Program(Train(run).Select(w => w == place.Corpus ? other.Corpus : w))
        );
        error
            .Should()
            .Be(
                $"speechgan: Rank 1 on {Environment.MachineName} has another corpus than rank 0 on {Environment.MachineName}: 7 "
                    + $"training, 2 validation and 2 test utterances "
                    + "against 8 training, 2 validation and 2 test utterances, compared by names and lengths. Every rank needs the "
                    + "same files in --data."
            );
        code.Should().Be(2);
        Directory.Exists(run).Should().BeFalse();
    }

    [TestCase(2, "--preset tiny", "{whole}", "There is a run in '{whole}' already.")]
    [TestCase(
        2,
        "--preset tiny --set data.batchSize=7",
        "{root}/r",
        "fewer than one batch of 7 for each of 2 processes: an epoch would have no step. Use a smaller data.batchSize or fewer "
            + "processes, or add pairs."
    )]
    [TestCase(
        3,
        "--resume --epochs 9",
        "{whole}",
        "trains in 2 processes and cannot resume with 3: batch partitioning would change. Resume it with 2, for example by speechgan "
            + "launch --processes 2,"
    )]
    [TestCase(1, "--resume --epochs 9", "{whole}", "trains in 2 processes and cannot resume with 1:")]
    public async Task What_cannot_be_is_told_once_with_exit_code_2(int processes, string options, string run, string sentence)
    {
        string Fill(string text) =>
            text.Replace("{whole}", whole, StringComparison.Ordinal).Replace("{root}", place.Root, StringComparison.Ordinal);
        string[] command =
        [
            "launch",
            "--processes",
            processes.ToString(CultureInfo.InvariantCulture),
            "--",
            "train",
            "--data",
            place.Corpus,
            "--out",
            Fill(run),
            .. options.Split(' '),
        ];
        using var child = Child.Start(null, 0, null, command, mpi.Environment);
        var (code, output, error) = await child.EndAsync();
        error.Should().Contain(Fill(sentence)).And.NotContain("   at ", "a stack trace is no sentence");
        error.Split("speechgan: ").Should().HaveCount(2, "it is told once: {0}", error);
        code.Should().Be(2, output);
        RunRecord.Load(whole).Info.Status.Should().Be(RunStatus.Completed, "nothing is touched");
    }

    private async Task Continues(string run, params string[] knobs)
    {
        await Ends(
            [
                "launch",
                "--processes",
                "2",
                "--",
                "train",
                "--data",
                place.Corpus,
                "--out",
                run,
                "--resume",
                .. knobs.SelectMany(k => new[] { "--set", k }),
            ],
            0
        );
        EndState
            .Differences(expected, EndState.Of(run))
            .Where(d => knobs.Length == 0 || !d.Contains(", config.json: ", StringComparison.Ordinal))
            .Should()
            .BeEmpty();
    }

    private async Task<string> Ends(IEnumerable<string> command, int expectedCode)
    {
        using var child = Child.Start(null, 0, null, command, mpi.Environment);
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(expectedCode, output + error);
        return output;
    }

    private async Task<(int ExitCode, string Output, string Error)> Ranks(params IEnumerable<string>[] ranks)
    {
        using var child = Child.StartCommand(null, 0, null, mpi.Run(ranks));
        return await child.EndAsync();
    }

    private string[] Train(string run, params string[] further) => SmallRun.Command(place.Corpus, run, Knobs.Concat(further));
}
