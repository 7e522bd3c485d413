using SpeechGan.Data;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Training;

/// <summary>Faults of the trainer that an identity shows before any training.</summary>
public sealed class ReconstructionTests
{
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = new Workplace(train: 8, test: 0);

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [TestCase("float32")]
    [TestCase("float64")]
    public void The_default_passes_every_check(string precision)
    {
        var checks = Check(SmallRun.Config("train.precision=" + precision));
        checks.Should().HaveCount(6).And.OnlyContain(c => c.Holds == true);
    }

    /// <summary>Prints the largest distances: they stand beside the limits in ReconstructionChecks.</summary>
    [TestCase(0.5)]
    [TestCase(2.0)]
    public void Every_check_holds_on_every_training_pair_of_the_bundled_corpus(double seconds)
    {
        const int epochs = 8;
        var config = SmallRun.Config(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"data.trainCutSeconds={seconds}"));
        var corpus = SmallRun.Open(Repository.PathOf("golden", "corpus"), config);
        var batches = new BatchReader(
            corpus.Train,
            new BatchOptions
            {
                BatchSize = 1,
                CutSamples = config.TrainCutSamples,
                Seed = config.Seed,
                Workers = 0,
            }
        );
        using var networks = new Networks(config);
        var oracles = new ReconstructionChecks(networks, config);
        var checks = Enumerable
            .Range(1, epochs)
            .SelectMany(e => Enumerable.Range(0, batches.BatchesPerEpoch).SelectMany(i => oracles.Run(batches.Load(e, i))))
            .ToList();
        foreach (var group in checks.Where(c => c.Observed is not null).GroupBy(c => c.Name))
            TestContext.Out.WriteLine(
                $"{group.Key}: {group.Max(c => Math.Abs(c.Observed!.Value - c.Expected)):G3} over {group.Count()} cuts of {seconds} s, "
                    + $"{group.First().Allowed:G2} allowed"
            );
        checks.Where(c => c.Holds == false).Should().BeEmpty();
    }

    [Test]
    public void The_published_time_reference_fails_one_check_and_no_other()
    {
        var checks = Check(SmallRun.Config("loss.timeReference=raw"));
        checks.Where(c => c.Holds != true).Select(c => c.Name).Should().Equal("estimate-is-clean/time");
        checks.Single(c => c.Holds == false).Observed.Should().BeGreaterThan(0.1, "the signals are of different scale");
    }

    [Test]
    public void The_generators_own_identities_hold_and_leave_weights_buffers_and_mode_as_they_were()
    {
        var config = SmallRun.Config();
        using var networks = new Networks(config);
        networks.Train(true);
        var before = CheckpointParts.Digest(networks);
        var checks = new ReconstructionChecks(networks, config).RunGenerator(Batches(config).Load(1, 0));
        foreach (var check in checks)
            TestContext.Out.WriteLine($"{check.Name}: {check.Observed:G3}, {check.Allowed:G2} allowed");
        checks.Select(c => c.Name).Should().Equal("clean-reversed/estimate", "clean-reversed/signal", "alone-and-in-batch/estimate");
        checks.Should().OnlyContain(c => c.Holds == true);
        CheckpointParts.Digest(networks).Should().Be(before);
        networks.Generator.training.Should().BeTrue();
    }

    [Test]
    public void Batch_statistics_lie_far_beyond_what_is_allowed_between_alone_and_in_batch()
    {
        var config = SmallRun.Config("model.dropout=0", "data.batchSize=4", "model.channels=8", "model.heads=4");
        using var networks = new Networks(config);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var batch = Batches(config).Load(1, 0);
        var allowed = new ReconstructionChecks(networks, config).RunGenerator(batch)[^1].Allowed;
        var noisy = tensor(batch.Noisy, [batch.BatchSize, batch.Samples]);
        networks.Generator.train(true);
        Tensor Estimate(Tensor n) => networks.Generator.call(networks.Spectrum.Compressed(n).transpose(2, 3)).Item1;
        Tensor all = Estimate(noisy).narrow(0, 0, 1),
            alone = Estimate(noisy.narrow(0, 0, 1));
        var distance = (all - alone).abs().max().ToDouble() / all.square().mean().sqrt().ToDouble();
        TestContext.Out.WriteLine($"batch statistics: {distance:G3}, {allowed:G2} allowed");
        distance.Should().BeGreaterThan(5 * allowed);
    }

    [Test]
    public void A_failed_check_is_told_with_what_to_do_before_the_first_step()
    {
        var run = place.NewRun();
        using var progress = new StopAtStep(1);
        SmallRun.Go(run, place.Corpus, SmallRun.Config("loss.timeReference=raw"), progress: progress);
        progress
            .Notes.Should()
            .ContainMatch(
                "Reconstruction check estimate-is-clean/time failed: found *, a sound trainer gives 0 (within 1E-05). The time term "
                    + "compares "
                    + "signals of different scale: even a perfect estimate is punished. Set loss.timeReference=normalized."
            );
        var record = RunRecord.Load(run);
        record.Oracles.Where(o => o.Epoch == 0).Should().HaveCount(6);
        record
            .Oracles.Where(o => o.Epoch == 1)
            .Should()
            .HaveCount(28)
            .And.OnlyContain(o => o.Holds == true, "the generator's own identities do not hear of the scale");
    }

    [Test]
    public void A_silent_cut_beside_speech_changes_no_outcome()
    {
        var config = SmallRun.Config("data.mixIn=silent", "data.mixInShare=0.5");
        var batches = Batches(config);
        var mixed = Enumerable
            .Range(0, batches.BatchesPerEpoch)
            .Select(i => batches.Load(1, i))
            .First(b => b.SilentClean.Count(s => s) == 1);
        Check(config, mixed).Should().OnlyContain(c => c.Holds == true);
    }

    [Test]
    public void A_batch_of_silence_has_a_reason_and_no_number()
    {
        var config = SmallRun.Config("data.mixIn=silent", "data.mixInShare=0.9");
        var batches = Batches(config);
        var silent = Enumerable.Range(0, batches.BatchesPerEpoch).Select(i => batches.Load(1, i)).First(b => b.SilentClean.All(s => s));
        var checks = Check(config, silent);
        foreach (var check in checks.Where(c => c.Name.Contains("pesq", StringComparison.Ordinal)))
        {
            check.Observed.Should().BeNull(check.Name);
            check.Holds.Should().BeNull(check.Name);
            check
                .Unavailable["observed"]
                .Should()
                .StartWith("no sample of the batch could be scored: ")
                .And.Contain("every sample of the clean signal is zero");
        }
        checks.Count(c => c.Holds == true).Should().Be(3, "the reconstruction terms need no score");
    }

    private IReadOnlyList<ReconstructionCheck> Check(RunConfig config, Batch? batch = null)
    {
        using var networks = new Networks(config);
        return new ReconstructionChecks(networks, config).Run(batch ?? Batches(config).Load(1, 0));
    }

    private BatchReader Batches(RunConfig config)
    {
        var corpus = SmallRun.Open(place.Corpus, config);
        return new BatchReader(
            corpus.Train,
            new BatchOptions
            {
                BatchSize = 2,
                CutSamples = config.TrainCutSamples,
                Seed = config.Seed,
                MixInShare = config.Data.MixInShare,
                Workers = 0,
            },
            corpus.MixIn
        );
    }
}
