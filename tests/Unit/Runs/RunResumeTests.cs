using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class RunResumeTests : RunFolderFixture
{
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
        var straight = Path.Combine(Parent, "straight");
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
}
