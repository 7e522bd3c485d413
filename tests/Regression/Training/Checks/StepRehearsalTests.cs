using SpeechGan.Data;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using SpeechGan.Training.Checks;

namespace SpeechGan.Tests.Regression.Training.Checks;

/// <summary>The trainer's own step against the same step written a second time.</summary>
public sealed class StepRehearsalTests
{
    private static readonly string[] Published =
    [
        "model.channels=8",
        "model.heads=4",
        "discriminator.features=8",
        "data.trainCutSeconds=0.5",
        "data.batchSize=4",
    ];

    /// <summary>Prints the largest distance of each check: they stand beside the limits in StepRehearsal.</summary>
    [TestCase("float32", 1)]
    [TestCase("float32", 2)]
    [TestCase("float32", 3)]
    [TestCase("float64", 1)]
    public void A_sound_step_holds_every_check(string precision, int seed)
    {
        var config = SmallRun.Config([.. Published, "train.precision=" + precision, $"seed={seed}"]);
        var worst = new Dictionary<string, (double Apart, double Allowed)>();
        var batches = Batches(config);
        for (var pair = 0; pair < batches.BatchesPerEpoch - 1; pair += 2)
        {
            foreach (var check in Rehearse(config, [batches.Load(seed, pair), batches.Load(seed, pair + 1)]))
            {
                var share = Math.Abs(check.Observed!.Value - check.Expected);
                if (!worst.TryGetValue(check.Name, out var w) || share / check.Allowed > w.Apart / w.Allowed)
                    worst[check.Name] = (share, check.Allowed);
            }
        }
        foreach (var (name, (apart, allowed)) in worst)
            TestContext.Out.WriteLine($"{name}: {apart:G3}, {allowed:G2} allowed");
        worst.Should().HaveCount(17).And.OnlyContain(w => w.Value.Apart <= w.Value.Allowed);
    }

    [TestCase("metric.onFailure=batch-mean")]
    [TestCase("metric.onFailure=drop-batch")]
    [TestCase("metric.maskedTerms=both")]
    [TestCase("loss.timeReference=raw")]
    [TestCase("loss.weights.gan=0")]
    [TestCase("optimizer.gradientClip=0.1")]
    [TestCase("loss.weights.time=1")]
    public void What_is_configured_is_expected(string knob)
    {
        var config = SmallRun.Config("data.mixIn=silent", "data.mixInShare=0.5", knob);
        var batches = Batches(config);
        var mixed = Enumerable
            .Range(0, batches.BatchesPerEpoch)
            .Select(i => batches.Load(1, i))
            .Where(b => b.SilentClean.Count(s => s) == 1)
            .Take(2)
            .ToList();
        var checks = Rehearse(config, mixed);
        foreach (var check in checks)
            TestContext.Out.WriteLine($"{check.Name}: found {check.Observed:G6}, expected {check.Expected:G6}, {check.Allowed:G2} allowed");
        checks.Should().OnlyContain(c => c.Holds == true).And.HaveCountGreaterThan(5);
    }

    private static IReadOnlyList<ReconstructionCheck> Rehearse(RunConfig config, IReadOnlyList<Batch> batches)
    {
        var tested = KernelSelfTest.Run(config, TestPurpose.Training);
        using var networks = new Networks(config, tested);
        var before = CheckpointParts.Digest(networks);
        var checks = new StepRehearsal(networks, config, tested, FaultPoints.None).Run(batches);
        CheckpointParts.Digest(networks).Should().Be(before, "no weight and no buffer of the run is touched");
        return checks;
    }

    private static BatchReader Batches(RunConfig config)
    {
        var corpus = SmallRun.Open(Repository.PathOf("golden", "corpus"), config);
        return new BatchReader(
            corpus.Train,
            new BatchOptions
            {
                BatchSize = config.Data.BatchSize,
                CutSamples = config.TrainCutSamples,
                Seed = config.Seed,
                MixInShare = config.Data.MixInShare,
                Workers = 0,
            },
            corpus.MixIn
        );
    }
}
