using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Training;

/// <summary>A run that is stopped on request and resumed ends with the bits of a run that never stopped.</summary>
public sealed class ResumeTests
{
    private const int Steps = 3; // an epoch
    private Workplace place = null!;

    private static readonly string[] Base = [$"train.stepsPerEpoch={Steps}", "evaluation.cutSeconds=0.5"];

    // What can carry state from step to step: number type, policy, mixing, no discriminator, dropout off, threads, order, schedule, when is
    // saved.
    private static IEnumerable<TestCaseData> Variants()
    {
        yield return Variant("as it is");
        yield return Variant("float64", "train.precision=float64");
        yield return Variant("drop-batch with silent cuts", "metric.onFailure=drop-batch", "data.mixIn=silent", "data.mixInShare=0.35");
        yield return Variant("mask with silent cuts", "data.mixIn=silent", "data.mixInShare=0.5");
        yield return Variant("no discriminator", "loss.weights.gan=0");
        yield return Variant("no dropout", "model.dropout=0", "discriminator.dropout=0");
        yield return Variant("two threads and read-ahead", "train.threads=2", "data.workers=2", "data.readAhead=2", "metric.workers=2");
        yield return Variant(
            "one order, rates halved each epoch, clipped",
            "data.shuffle=once",
            "optimizer.decayEpochs=1",
            "optimizer.gradientClip=0.1"
        );
        yield return Variant("a checkpoint each step", "checkpoint.everySteps=1");
        yield return Variant("a checkpoint every second epoch", "checkpoint.everyEpochs=2", "evaluation.everyEpochs=2");

        static TestCaseData Variant(string name, params string[] knobs) => new TestCaseData([knobs]).SetArgDisplayNames(name);
    }

    [OneTimeSetUp]
    public void Make() => place = new Workplace(train: 6);

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [TestCaseSource(nameof(Variants))]
    public void A_run_stopped_three_times_ends_with_the_bits_of_one_that_never_stopped(string[] knobs)
    {
        var config = SmallRun.Config([.. Base, .. knobs]);
        var whole = place.NewRun();
        SmallRun.Whole(whole, place.Corpus, config);
        var expected = EndState.Of(whole);

        // Inside the first epoch, at its end, inside the last one.
        var run = place.NewRun();
        foreach (var step in new long[] { 1, 3, 5 })
        {
            Stop(run, config, step);
            RunRecord.Load(run).Steps.Should().HaveCount((int)step);
        }
        SmallRun.Go(run, place.Corpus, config).Should().BeTrue();

        EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty();
        RunRecord.Load(run).Info.Resumed.Should().HaveCount(3);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void A_run_stopped_after_any_step_loses_nothing(int step)
    {
        var config = SmallRun.Config(Base);
        var whole = Whole(config);
        var run = place.NewRun();

        using (var progress = Stop(run, config, step))
            progress.Notes.Should().Contain($"Stopped after step {step}; continue with --resume.");
        var record = RunRecord.Load(run);
        record.Info.Status.Should().Be(RunStatus.Interrupted);
        record.Info.Why.Should().Be($"stopped on request after step {step}");
        using (var progress = new StopAtStep(null))
        {
            SmallRun.Go(run, place.Corpus, config, progress: progress).Should().BeTrue();
            progress.Notes.Should().ContainMatch($"Continuing from checkpoint epoch-*: {step} steps done.");
        }
        EndState.Differences(whole, EndState.Of(run)).Should().BeEmpty();
    }

    [Test]
    public void A_stop_after_the_last_step_finds_the_run_complete()
    {
        var config = SmallRun.Config(Base);
        var run = place.NewRun();
        using var progress = new StopAtStep(2 * Steps);
        SmallRun.Go(run, place.Corpus, config, progress: progress).Should().BeTrue();
        EndState.Differences(Whole(config), EndState.Of(run)).Should().BeEmpty();
    }

    [Test]
    public void A_stop_where_no_checkpoint_is_due_makes_one()
    {
        // Checkpoints every third epoch, nothing better found after epoch 1: the stop at the end of epoch 2 must not lose it.
        var config = SmallRun.Config([.. Base, "train.epochs=3", "checkpoint.everyEpochs=3", "evaluation.everyEpochs=3"]);
        var run = place.NewRun();
        Stop(run, config, 2 * Steps).Dispose();
        using var progress = new StopAtStep(null);
        SmallRun.Go(run, place.Corpus, config, progress: progress).Should().BeTrue();
        progress.Notes.Should().Contain($"Continuing from checkpoint epoch-0002: {2 * Steps} steps done.");
    }

    [Test]
    public void The_comparison_sees_one_changed_bit()
    {
        var config = SmallRun.Config(Base);
        var expected = Whole(config);
        EndState.Differences(expected, expected).Should().BeEmpty();
        var other = place.NewRun();
        SmallRun.Whole(other, place.Corpus, config.With("seed=2"));
        EndState
            .Differences(expected, EndState.Of(other))
            .Should()
            .Contain(d => d.StartsWith("epoch 0001", StringComparison.Ordinal))
            .And.Contain(d => d.Contains("generator.safetensors", StringComparison.Ordinal))
            .And.Contain(d => d.Contains("discriminator-optimizer.bin", StringComparison.Ordinal));
    }

    private SortedDictionary<string, string>? whole;

    private SortedDictionary<string, string> Whole(RunConfig config)
    {
        if (whole is null)
        {
            var run = place.NewRun();
            SmallRun.Whole(run, place.Corpus, config);
            whole = EndState.Of(run);
        }
        return whole;
    }

    private StopAtStep Stop(string run, RunConfig config, long step)
    {
        var progress = new StopAtStep(step);
        SmallRun.Go(run, place.Corpus, config, progress: progress).Should().BeFalse();
        return progress;
    }
}
