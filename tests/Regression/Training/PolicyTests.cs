using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Training;

/// <summary>What samples without a PESQ score do to the discriminator under each policy, with the real trainer on speech and digital
/// silence.</summary>
public sealed class PolicyTests
{
    private const string Silent = "silent-reference";
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = new Workplace(train: 24, test: 0);

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    // Four cuts, so many of them with a silent clean side; whether the discriminator steps.
    [TestCase(MetricFailurePolicy.Mask, 0, true)]
    [TestCase(MetricFailurePolicy.Mask, 1, true)]
    [TestCase(MetricFailurePolicy.Mask, 3, true)]
    [TestCase(MetricFailurePolicy.Mask, 4, false)]
    [TestCase(MetricFailurePolicy.BatchMean, 0, true)]
    [TestCase(MetricFailurePolicy.BatchMean, 1, true)]
    [TestCase(MetricFailurePolicy.BatchMean, 3, true)]
    [TestCase(MetricFailurePolicy.BatchMean, 4, false)]
    [TestCase(MetricFailurePolicy.DropBatch, 0, true)]
    [TestCase(MetricFailurePolicy.DropBatch, 1, false)]
    [TestCase(MetricFailurePolicy.DropBatch, 3, false)]
    [TestCase(MetricFailurePolicy.DropBatch, 4, false)]
    public void A_step_trains_the_discriminator_on_what_the_policy_lets_through(MetricFailurePolicy policy, int silent, bool steps)
    {
        var config = SmallRun.Config("data.batchSize=4", "model.dropout=0", "discriminator.dropout=0") with
        {
            Metric = new() { OnFailure = policy, Workers = 1 },
        };
        using var networks = new Networks(config);
        networks.Train(true);
        var before = StateDict.Of(networks.Discriminator!);

        var step = new TrainStep(networks, config).Run(BatchWith(config, silent), epoch: 1, step: 1);

        step.DiscriminatorStepped.Should().Be(steps);
        step.Scored.Should().Be(4 - silent);
        step.Masked.Should().Equal(silent == 0 ? [] : new Dictionary<string, int> { [Silent] = silent });
        step.Samples!.Count(s => s.Pesq is null && s.Masked == Silent).Should().Be(silent);
        // The generator learns from every batch; a skipped step changes no weight and no power iteration of the discriminator.
        step.GradientNorm!.Generator.Should().BePositive();
        var after = StateDict.Of(networks.Discriminator!);
        var changed = after.Count(e =>
            !e.Value.Bytes.Span.SequenceEqual(before[e.Key].Bytes.Span) && e.Key.EndsWith("weight_orig", StringComparison.Ordinal)
        );
        if (steps)
        {
            step.DiscriminatorLoss.Should().BePositive();
            step.GradientNorm.Discriminator.Should().BePositive();
            changed.Should().BePositive();
        }
        else
        {
            step.DiscriminatorLoss.Should().BeNull("a step that was not taken has no loss, and never one of 0");
            step.GradientNorm.Discriminator.Should().BeNull();
            step.Unavailable["discriminatorLoss"]
                .Should()
                .Be(
                    silent == 4
                        ? $"no sample of the batch could be scored: {Silent} x4"
                        : $"metric.onFailure dropped the batch, {4 - silent} of 4 samples scored: {Silent} x{silent}"
                );
            changed.Should().Be(0);
        }
    }

    // Shares of 24 cuts in batches of two, dropped whole: 1 silent cut costs 1 batch of 12 (91.7 %), 2 cost 2 (83.3 %, inconclusive),
    // 3 cost 3 (75 %, suspected by the rule of skipped batches), 8 cost 6 to 8 (at most 50 %). The same share starves nothing under mask.
    [TestCase(0.04, "drop-batch", FindingOutcome.Rejected, "healthy")]
    [TestCase(0.08, "drop-batch", FindingOutcome.Inconclusive, "inconclusive")]
    [TestCase(0.12, "drop-batch", FindingOutcome.Suspected, "starvation suspected")]
    [TestCase(0.35, "drop-batch", FindingOutcome.Confirmed, "starved")]
    [TestCase(0.12, "mask", FindingOutcome.Rejected, "healthy")]
    public void The_share_of_silent_cuts_decides_the_verdict_on_the_discriminators_rate(
        double share,
        string policy,
        FindingOutcome outcome,
        string word
    )
    {
        var config = Mixed(share, policy, epochs: 1);
        var run = place.NewRun();
        using var progress = new StopAtStep(null);
        SmallRun.Go(run, place.Corpus, config, progress: progress).Should().BeTrue();
        var record = RunRecord.Load(run);

        EqualsWhatTheBatchesHold(record, config);
        var finding = Verdict.Of(record).Findings.Single(f => f.Id == "discriminator-starved");
        TestContext.Out.WriteLine(finding.Sentence);
        finding.Outcome.Should().Be(outcome, finding.Sentence);
        progress.Verdicts.Should().ContainSingle().Which.Should().Contain($" batches: {word} (");
    }

    [Test]
    public void Counts_of_an_interrupted_epoch_survive_resuming()
    {
        var config = Mixed(0.35, "drop-batch", epochs: 1);
        var run = place.NewRun();
        using var stopped = new StopAtStep(7);
        SmallRun.Go(run, place.Corpus, config, progress: stopped).Should().BeFalse();
        SmallRun.Go(run, place.Corpus, config).Should().BeTrue();

        EqualsWhatTheBatchesHold(RunRecord.Load(run), config);
    }

    // Cuts of 0.5 s: of 0.25 s some speech cuts have no score either (no utterance is found in them).
    private static RunConfig Mixed(double share, string policy, int epochs) =>
        SmallRun.Config(
            "data.mixIn=silent",
            string.Create(CultureInfo.InvariantCulture, $"data.mixInShare={share}"),
            "metric.onFailure=" + policy,
            "train.stepsPerEpoch=0",
            "data.trainCutSeconds=0.5",
            $"train.epochs={epochs}",
            "evaluation.cutSeconds=0.5"
        );

    private void EqualsWhatTheBatchesHold(RunRecord record, RunConfig config)
    {
        var corpus = SmallRun.Open(place.Corpus, config);
        var options = new BatchOptions
        {
            BatchSize = 2,
            CutSamples = config.TrainCutSamples,
            Seed = config.Seed,
            MixInShare = config.Data.MixInShare,
            Workers = 0,
        };
        var silent = new BatchReader(corpus.Train, options, corpus.MixIn).Read(1).Select(b => b.SilentClean.Count(s => s)).ToList();
        var drops = config.Metric.OnFailure == MetricFailurePolicy.DropBatch;
        record.Steps.Select(s => 2 - s.Scored).Should().Equal(silent);
        record.Steps.Select(s => s.DiscriminatorStepped).Should().Equal(silent.Select(n => (bool?)(drops ? n == 0 : n < 2)));
        record.Steps.Should().OnlyContain(s => s.DiscriminatorStepped == (s.DiscriminatorLoss != null));
        var epoch = record.Epochs.Should().ContainSingle().Which;
        epoch.BatchesSeen.Should().Be(12);
        epoch.BatchesStepped.Should().Be(record.Steps.Count(s => s.DiscriminatorStepped == true));
        epoch.TrainingRate.Should().Be(epoch.BatchesStepped / 12.0);
        epoch.SamplesScored.Should().Be(24 - silent.Sum());
        epoch.Masked.Should().Equal(new Dictionary<string, int> { [Silent] = silent.Sum() });
        epoch
            .DiscriminatorLoss.Should()
            .BeApproximately(record.Steps.Where(s => s.DiscriminatorStepped == true).Average(s => s.DiscriminatorLoss!.Value), 1e-12);
    }

    private Batch BatchWith(RunConfig config, int silent)
    {
        var corpus = PairedCorpus.Open(place.Corpus, new CorpusOptions { MixIn = "silent", MixInShare = 0.5 });
        var samples = config.TrainCutSamples;
        float[] clean = new float[4 * samples],
            noisy = new float[4 * samples];
        var chosen = corpus.MixIn.Take(silent).Concat(corpus.Train.Take(4 - silent)).ToList();
        for (var i = 0; i < 4; i++)
        {
            var pair = chosen[i].LoadPair();
            CutSampler.Center(pair.Clean, samples).CopyTo(clean, i * samples);
            CutSampler.Center(pair.Noisy, samples).CopyTo(noisy, i * samples);
        }
        return new Batch
        {
            Clean = clean,
            Noisy = noisy,
            BatchSize = 4,
            Samples = samples,
            Names = [.. chosen.Select(u => u.Name)],
            Starts = [0, 0, 0, 0],
            MixedIn = [.. chosen.Select((_, i) => i < silent)],
            SilentClean = [.. chosen.Select((_, i) => i < silent)],
            SilentNoisy = [false, false, false, false],
            Epoch = 1,
            IndexInEpoch = 0,
        };
    }
}
