using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class RunFolderTests : RunFolderFixture
{
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
                """{"epoch":1,"step":1,"loss":{"ri":0.25,"magnitude":0.125,"time":0.0625,"gan":0.03125,"total":0.5}"""
                    + ""","sampleCount":2,"scored":0,"masked":{"SILENT_DEGRADED":2},"discriminatorStepped":false"""
                    + ""","unavailable":{"discriminatorLoss":"no sample of the batch could be scored: SILENT_DEGRADED x2"}}"""
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

        var deep = Path.Combine(Parent, "a", "b");
        RunSamples
            .Refused(() => RunFolder.Create(deep, new RunConfig(), RunSamples.Start), 2)
            .Should()
            .Be(
                $"Cannot create the run folder '{deep}': its parent '{Path.Combine(Parent, "a")}' does not exist. Create it, or "
                    + $"correct --out."
            );
        Directory.Exists(Path.Combine(Parent, "a")).Should().BeFalse();

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
}
