using System.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class RunFolderTests
{
    private string parent = "";

    private string Root => Path.Combine(parent, "run");

    [SetUp]
    public void CreateFolder() => parent = Directory.CreateTempSubdirectory("speechgan-run-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(parent, recursive: true);

    [Test]
    public void New_run_holds_its_configuration_and_identity_before_any_work()
    {
        var config = RunConfig.FromPreset("tiny") with { Seed = 42 };
        using var run = RunFolder.Create(Root, config, RunSamples.Start);

        var record = RunRecord.Load(Root);
        record.Config.Should().Be(config);
        record.Info.Should().BeEquivalentTo(run.Info);
        record.Info.Status.Should().Be(RunStatus.Running);
        record.Info.Seed.Should().Be(42);
        record.Info.Ended.Should().BeNull();
        record.Info.Host.Should().Be(RunSamples.Start.Host);
        record.Problems.Should().BeEmpty();
    }

    [Test]
    public void Records_read_back_as_they_were_written()
    {
        var evaluation = new UtteranceEvaluation
        {
            Epoch = 1,
            Split = "valid",
            Name = "p232_001",
            CutStart = 100,
            CutLength = 64000,
            Metrics = new Dictionary<string, double> { ["pesq_wb"] = 2.1234567890123457, ["si_sdr"] = -3.5 },
            Unavailable = Absence.Of("stoi", "too little speech"),
        };
        var oracle = new ReconstructionCheck
        {
            Epoch = 1,
            Name = "estimate-is-clean/ri",
            Observed = 0,
            Expected = 0,
            Allowed = 1e-9,
        };
        var epoch = RunSamples.Epoch(1, RunSamples.Stepped(1, 1), RunSamples.Skipped(1, 2));
        using (var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start))
        {
            run.Append(RunSamples.Stepped(1, 1, 1.0 / 3));
            run.Append(RunSamples.Skipped(1, 2));
            run.Append(epoch);
            run.Append([evaluation]);
            run.Append([oracle]);
            run.StepsOf(1).Should().HaveCount(2);
            run.StepsOf(2).Should().BeEmpty();
            run.Complete();
        }

        var record = RunRecord.Load(Root);
        record.Info.Status.Should().Be(RunStatus.Completed);
        record.Info.Ended.Should().NotBeNull();
        record.Steps.Should().BeEquivalentTo([RunSamples.Stepped(1, 1, 1.0 / 3), RunSamples.Skipped(1, 2)], o => o.WithStrictOrdering());
        record.Epochs.Should().BeEquivalentTo([epoch]);
        record.Evaluations.Should().BeEquivalentTo([evaluation]);
        record.Oracles.Should().BeEquivalentTo([oracle]);
        record.Oracles[0].Holds.Should().BeTrue();
    }

    [Test]
    public void What_was_not_measured_is_absent_in_the_file_and_has_a_reason()
    {
        using (var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start))
        {
            run.Append(RunSamples.Skipped(1, 1) with { Samples = null, Seconds = null });
        }

        File.ReadAllText(Path.Combine(Root, "steps.jsonl"))
            .Should()
            .Be(
                """{"epoch":1,"step":1,"loss":{"ri":0.25,"magnitude":0.125,"time":0.0625,"gan":0.03125,"total":0.5},"sampleCount":2,"scored":0,"masked":{"SILENT_DEGRADED":2},"discriminatorStepped":false,"unavailable":{"discriminatorLoss":"no sample of the batch could be scored: SILENT_DEGRADED x2"}}"""
                    + "\n"
            );
    }

    [Test]
    public void Records_that_contradict_themselves_are_refused()
    {
        using var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start);
        var stepped = RunSamples.Stepped(1, 3);
        Message(() => run.Append(stepped with { DiscriminatorLoss = null }))
            .Should()
            .Be("Step 3: the discriminator stepped, so its loss is known; none was recorded.");
        Message(() => run.Append(RunSamples.Skipped(1, 3) with { DiscriminatorLoss = 0 }))
            .Should()
            .Be("Step 3: the discriminator did not step, so it has no loss; 0 was recorded.");
        Message(() => run.Append(RunSamples.Skipped(1, 3) with { Unavailable = Absence.None }))
            .Should()
            .Be("Step 3: discriminatorLoss is absent without a reason; name it under Unavailable[\"discriminatorLoss\"].");
        Message(() => run.Append(stepped with { Scored = 1 }))
            .Should()
            .StartWith("Step 3: 1 scored and 0 masked of 2 samples; each sample has a score or a reason.");
        Message(() => run.Append(stepped with { Scored = 3 })).Should().Be("Step 3: 3 scored and 0 masked samples in a batch of 2.");
        Message(() => run.Append(stepped with { DiscriminatorLoss = double.NaN }))
            .Should()
            .Be(
                "A StepTelemetry holds NaN or infinity, which is never a measurement: leave the value out and name the reason under "
                    + "Unavailable."
            );
        Message(() => run.Append(EpochSummary.Of(1, [stepped])))
            .Should()
            .Be("Epoch 1: validation is absent without a reason; name it under Unavailable[\"validation\"].");
        File.Exists(Path.Combine(Root, "steps.jsonl")).Should().BeFalse("nothing refused is written");

        static string Message(Action action) => action.Should().Throw<ArgumentException>().Which.Message;
    }

    [Test]
    public void Run_is_never_overwritten()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        var before = File.ReadAllText(Path.Combine(Root, "run.json"));

        RunSamples
            .Refused(() => RunFolder.Create(Root, new RunConfig(), RunSamples.Start), 2)
            .Should()
            .Be(
                $"There is a run in '{Root}' already. Continue it with --resume, or choose another folder with --out; it is never "
                    + $"overwritten."
            );
        File.ReadAllText(Path.Combine(Root, "run.json")).Should().Be(before);
    }

    [Test]
    public void Foreign_files_missing_parents_and_missing_runs_get_sentences()
    {
        Directory.CreateDirectory(Root);
        File.WriteAllText(Path.Combine(Root, "thesis.txt"), "");
        RunSamples
            .Refused(() => RunFolder.Create(Root, new RunConfig(), RunSamples.Start), 2)
            .Should()
            .Be($"'{Root}' is not empty and holds no run ('thesis.txt' lies in it). Choose a new or empty folder with --out.");

        var deep = Path.Combine(parent, "a", "b");
        RunSamples
            .Refused(() => RunFolder.Create(deep, new RunConfig(), RunSamples.Start), 2)
            .Should()
            .Be(
                $"Cannot create the run folder '{deep}': its parent '{Path.Combine(parent, "a")}' does not exist. Create it, or "
                    + $"correct --out."
            );
        Directory.Exists(Path.Combine(parent, "a")).Should().BeFalse();

        var file = Path.Combine(Root, "thesis.txt");
        RunSamples
            .Refused(() => RunFolder.Create(file, new RunConfig(), RunSamples.Start), 2)
            .Should()
            .StartWith($"'{file}' is a file; a run needs a folder.");
        RunSamples
            .Refused(() => RunFolder.Create(" ", new RunConfig(), RunSamples.Start), 2)
            .Should()
            .StartWith("The path of the run folder is empty");
        RunSamples
            .Refused(() => RunFolder.Resume(Root, RunSamples.Start), 2)
            .Should()
            .Be($"There is no run to resume in '{Root}': it has no run.json. Start it without --resume, or correct --out.");
        RunSamples
            .Refused(() => RunRecord.Load(Root), 2)
            .Should()
            .Be($"There is no run in '{Root}': it has no run.json. Give the folder that was --out of a training.");
    }

    [Test]
    public void Read_only_place_gets_a_sentence_and_exit_code_3()
    {
        var storage = new RefusingStorage();
        RunSamples
            .Refused(() => RunFolder.Create(Root, new RunConfig(), RunSamples.Start, storage), 3)
            .Should()
            .Be(
                $"Cannot create the run folder '{Root}': the folder or file is read-only for this user. Check its rights, or choose "
                    + $"another place."
            );
    }

    [Test]
    public void Second_process_is_told_who_holds_the_run()
    {
        using var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start);

        RunSamples
            .Refused(() => RunFolder.Resume(Root, RunSamples.Start), 2)
            .Should()
            .Be(
                $"The run folder '{Root}' is in use by process {Environment.ProcessId}. Wait for it to end, stop it, or choose another "
                    + $"folder with --out."
            );
        RunRecord.Load(Root).Info.Status.Should().Be(RunStatus.Running, "reading needs no lock");
    }

    [Test]
    public void Lock_of_a_process_killed_outright_is_free_and_its_run_reads_as_interrupted()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        var info = File.ReadAllText(Path.Combine(Root, "run.json")).Replace("\"interrupted\"", "\"running\"");
        File.WriteAllText(Path.Combine(Root, "run.json"), info);
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("flock(1) is Linux's");

        // Another process takes the same kernel lock, alone (-o: its child does not inherit it), and its child says so when it has it.
        using var holder = Process.Start(
            new ProcessStartInfo("flock", ["-x", "-o", Path.Combine(Root, ".lock"), "sh", "-c", "echo held; exec sleep 600"])
            {
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            holder.StandardOutput.ReadLine().Should().Be("held");
            RunRecord.Load(Root).Info.Status.Should().Be(RunStatus.Running);
            RunSamples.Refused(() => RunFolder.Resume(Root, RunSamples.Start), 2).Should().Contain("is in use by process");
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            holder.WaitForExit();
        }

        var record = RunRecord.Load(Root);
        record.Info.Status.Should().Be(RunStatus.Interrupted);
        record.Info.Why.Should().Be("its process is gone");
        using var run = RunFolder.Resume(Root, RunSamples.Start);
        run.Info.Status.Should().Be(RunStatus.Running);
        run.Info.Resumed.Should().HaveCount(1);
    }

    [Test]
    public void Run_left_without_an_end_counts_as_interrupted_and_a_failed_one_says_why()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        RunRecord
            .Load(Root)
            .Info.Should()
            .Match<RunInfo>(i => i.Status == RunStatus.Interrupted && i.Why == "the process left before the last epoch");

        using (var run = RunFolder.Resume(Root, RunSamples.Start))
        {
            run.Fail("loss.total is NaN at step 7");
        }

        RunRecord
            .Load(Root)
            .Info.Should()
            .Match<RunInfo>(i => i.Status == RunStatus.Failed && i.Why == "loss.total is NaN at step 7" && i.Id == "run-1");
    }

    [Test]
    public void Resumed_records_equal_an_uninterrupted_runs_line_for_line()
    {
        var straight = Path.Combine(parent, "straight");
        using (var run = RunFolder.Create(straight, new RunConfig(), RunSamples.Start))
        {
            for (var step = 1; step <= 5; step++)
                run.Append(RunSamples.Stepped(1, step, step));
        }

        RunPositions positions;
        using (var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start))
        {
            run.Append(RunSamples.Stepped(1, 1, 1));
            run.Append(RunSamples.Stepped(1, 2, 2));
            positions = run.MarkPositions();
            run.Append(RunSamples.Stepped(1, 3, 3));
            run.Append(RunSamples.Epoch(1, RunSamples.Stepped(1, 3)));
        }

        File.AppendAllText(Path.Combine(Root, "steps.jsonl"), "{\"epoch\":1,\"st");
        RunRecord.Load(Root).Should().Match<RunRecord>(r => r.Steps.Count == 3 && r.Problems.Count == 0, "a torn last line is passed over");
        using (var run = RunFolder.Resume(Root, RunSamples.Start))
        {
            File.ReadAllText(Path.Combine(Root, "steps.jsonl")).Should().EndWith("}\n", "writers remove a torn line");
            run.RewindTo(positions);
            for (var step = 3; step <= 5; step++)
                run.Append(RunSamples.Stepped(1, step, step));
        }

        File.ReadAllBytes(Path.Combine(Root, "steps.jsonl")).Should().Equal(File.ReadAllBytes(Path.Combine(straight, "steps.jsonl")));
        new FileInfo(Path.Combine(Root, "epochs.jsonl")).Length.Should().Be(0);
    }

    [Test]
    public void Epoch_summed_up_after_resuming_equals_an_uninterrupted_one_to_the_bit()
    {
        StepTelemetry[] steps =
        [
            .. Enumerable
                .Range(1, 20)
                .Select(i => i % 3 == 0 ? RunSamples.Skipped(1, i, 1.0 / i) : RunSamples.Stepped(1, i, 1.0 / i, samples: 1 + (i % 4))),
        ];
        using (var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start))
        {
            foreach (var step in steps)
                run.Append(step);
        }

        using var resumed = RunFolder.Resume(Root, RunSamples.Start);
        resumed.Append(RunSamples.Epoch(1, [.. resumed.StepsOf(1)]));
        resumed.Append(RunSamples.Epoch(1, steps));
        var lines = File.ReadAllLines(Path.Combine(Root, "epochs.jsonl"));
        lines.Should().HaveCount(2);
        lines[0].Should().Be(lines[1]).And.Contain("\"batchesStepped\":14").And.Contain("\"discriminatorCorrelation\":");
    }

    [Test]
    public void Resumed_run_changes_how_long_it_trains_and_nothing_else()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();

        using (var run = RunFolder.Resume(Root, RunSamples.Start, ["train.epochs=200", "data.workers=4"]))
        {
            run.Config.Train.Epochs.Should().Be(200);
        }

        RunSamples
            .Refused(() => RunFolder.Resume(Root, RunSamples.Start, ["train.epochs=300", "data.batchSize=8"]), 2)
            .Should()
            .Be(
                $"The run in '{Root}' trains with data.batchSize=4; a resumed run cannot change it to 8. Leave that option "
                    + "out, or start a new run in another folder."
            );
        RunRecord.Load(Root).Config!.Train.Epochs.Should().Be(200);
        FluentActions
            .Invoking(() => RunFolder.Resume(Root, RunSamples.Start, ["train.epochs=0"]))
            .Should()
            .Throw<SpeechGan.Configuration.ConfigException>();
        RunConfig
            .Keys.Where(k => k.FreeOnResume)
            .Select(k => k.Key)
            .Should()
            .Equal(
                "data.readAhead",
                "data.workers",
                "data.cacheMegabytes",
                "metric.workers",
                "evaluation.workers",
                "train.epochs",
                "train.collectiveTimeoutSeconds",
                "train.replicaCheckSteps",
                "checkpoint.everyEpochs",
                "checkpoint.everySteps",
                "checkpoint.keep",
                "checkpoint.keepEveryEpochs"
            );
    }

    [Test]
    public void Line_that_could_not_be_written_whole_is_taken_back()
    {
        var count = new FaultingStorage(DiskStorage.Instance);
        RunFolder.Create(Path.Combine(parent, "count"), new RunConfig(), RunSamples.Start, count).Dispose();
        var append = count.Events - 3 + 1; // the last three published the status "interrupted"
        using var run = RunFolder.Create(
            Root,
            new RunConfig(),
            RunSamples.Start,
            new FaultingStorage(DiskStorage.Instance).FailAt(append, 0.5)
        );

        RunSamples
            .Refused(() => run.Append(RunSamples.Stepped(1, 1)), 3)
            .Should()
            .StartWith($"Cannot write '{Path.Combine(Root, "steps.jsonl")}': Input/output error");
        new FileInfo(Path.Combine(Root, "steps.jsonl")).Length.Should().Be(0);
        run.Append(RunSamples.Stepped(1, 1));
        RunRecord.Load(Root).Should().Match<RunRecord>(r => r.Steps.Count == 1 && r.Problems.Count == 0);
    }

    [Test]
    public void Records_shorter_than_the_checkpoint_are_refused()
    {
        using var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start);
        run.Append(RunSamples.Stepped(1, 1));
        var path = Path.Combine(Root, "steps.jsonl");
        RunSamples
            .Refused(() => run.RewindTo(new RunPositions { Steps = 1_000_000 }), 2)
            .Should()
            .Be(
                $"'{path}' has {new FileInfo(path).Length} bytes, but the checkpoint was made when it had 1000000: records are "
                    + $"missing. Restore the file, or resume from an older checkpoint."
            );
    }

    [Test]
    public void Kill_at_any_file_event_of_a_creation_leaves_a_place_that_can_be_used_or_a_run_that_can_be_resumed(
        [Values(0, 0.01, 0.5, 0.99)] double torn
    )
    {
        var counting = new FaultingStorage(DiskStorage.Instance);
        RunFolder.Create(Path.Combine(parent, "count"), new RunConfig(), RunSamples.Start, counting).Dispose();
        for (var at = 1; at <= counting.Events; at++)
        {
            var root = Path.Combine(parent, $"run-{at}");
            try
            {
                RunFolder
                    .Create(root, new RunConfig(), RunSamples.Start, new FaultingStorage(DiskStorage.Instance).StopDeadAt(at, torn))
                    .Dispose();
            }
            catch (StoppedDeadException) { }

            using var run = RunFolder.HoldsRun(root)
                ? RunFolder.Resume(root, RunSamples.Start)
                : RunFolder.Create(root, new RunConfig(), RunSamples.Start);
            run.Config.Should().Be(new RunConfig(), "after a kill at event {0}: {1}", at, counting.Log[at - 1]);
        }
    }

    [Test]
    public void Full_disk_at_any_file_event_gets_a_sentence_and_keeps_what_was_written()
    {
        var done = false;
        for (var at = 1; !done; at++)
        {
            var root = Path.Combine(parent, $"run-{at}");
            var storage = new FaultingStorage(DiskStorage.Instance).DiskFullFrom(at, 0.5);
            var steps = 0;
            try
            {
                using var run = RunFolder.Create(root, new RunConfig(), RunSamples.Start, storage);
                run.Append(RunSamples.Stepped(1, 1));
                steps++;
                run.Append(RunSamples.Stepped(1, 2));
                steps++;
                run.MarkPositions();
                run.Complete();
                done = storage.Events < at;
            }
            catch (RunFolderException e)
            {
                e.ExitCode.Should().Be(3);
                e.Message.Should()
                    .EndWith(": the disk is full. Free some space, then continue the run with --resume: the last checkpoint is intact.")
                    .And.NotContain("\n");
            }

            if (RunFolder.HoldsRun(root))
            {
                RunRecord.Load(root).Steps.Should().HaveCount(steps);
                using var run = RunFolder.Resume(root, RunSamples.Start);
                run.Append(RunSamples.Stepped(1, steps + 1));
                RunRecord.Load(root).Should().Match<RunRecord>(r => r.Steps.Count == steps + 1 && r.Problems.Count == 0);
            }
        }
    }

    // A read-only folder, also for root, whom the system lets write everywhere.
    private sealed class RefusingStorage : IRunStorage
    {
        public bool FileExists(string path) => File.Exists(path);

        public bool FolderExists(string path) => Directory.Exists(path);

        public IReadOnlyList<string> List(string folder) => [];

        public long Length(string path) => 0;

        public byte[] Read(string path) => throw new UnauthorizedAccessException();

        public void CreateFolder(string path) => throw new UnauthorizedAccessException();

        public void Write(string path, ReadOnlyMemory<byte> bytes) => throw new UnauthorizedAccessException();

        public void Append(string path, ReadOnlyMemory<byte> bytes) => throw new UnauthorizedAccessException();

        public void Sync(string path) => throw new UnauthorizedAccessException();

        public void SyncFolder(string path) => throw new UnauthorizedAccessException();

        public void Truncate(string path, long length) => throw new UnauthorizedAccessException();

        public void Rename(string from, string to) => throw new UnauthorizedAccessException();

        public void DeleteFile(string path) => throw new UnauthorizedAccessException();

        public void DeleteFolder(string path) => throw new UnauthorizedAccessException();
    }
}
