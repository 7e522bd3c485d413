using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>A training step of several ranks, each on its part of the batch, against the step of one process on the whole.</summary>
public sealed class GroupStepTests
{
    // Losses and live weights of the ranks and of one process differ by the order of sums alone: 4e-15 after six steps, measured on this
    // network in float64. Biases in front of a normalisation have no gradient but rounding noise, which AdamW enlarges (2e-10): not
    // compared.
    private const double Loss = 1e-10,
        Weight = 1e-10;
    private static readonly string[] Wide =
    [
        "model.channels=8",
        "model.heads=2",
        "discriminator.features=4",
        "train.precision=float64",
        "model.dropout=0",
        "discriminator.dropout=0",
        "metric.workers=1",
    ];
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = new Workplace(train: 24, test: 0);

    [OneTimeTearDown]
    public void Remove() => place?.Dispose();

    // Which of the four samples have a silent clean side, the first two of rank 0, the others of rank 1.
    [TestCase(MetricFailurePolicy.Mask, "....")]
    [TestCase(MetricFailurePolicy.Mask, "..ss")]
    [TestCase(MetricFailurePolicy.Mask, "s.ss")]
    [TestCase(MetricFailurePolicy.BatchMean, ".sss")]
    [TestCase(MetricFailurePolicy.DropBatch, "...s")]
    public void Two_ranks_take_the_step_of_one_process_on_both_batches(MetricFailurePolicy policy, string silent)
    {
        var config = SmallRun.Config([.. Wide, "train.syncBatchNorm=true"]) with
        {
            Metric = new() { OnFailure = policy, Workers = 1 },
        };
        string[] masks = [silent, "...."];
        var whole = Whole(config, masks);
        var ranks = Split(config, masks);

        foreach (var rank in ranks)
            for (var i = 0; i < masks.Length; i++)
            {
                StepTelemetry expected = whole.Steps[i],
                    found = rank.Steps[i];
                found.DiscriminatorStepped.Should().Be(expected.DiscriminatorStepped);
                found.Scored.Should().Be(expected.Scored);
                found.Masked.Should().Equal(expected.Masked);
                found.SampleCount.Should().Be(4);
                found.Samples!.Select(s => s.Name).Should().Equal(expected.Samples!.Select(s => s.Name));
                found.Samples!.Select(s => s.Masked).Should().Equal(expected.Samples!.Select(s => s.Masked));
                foreach (var (name, a, b) in Numbers(found).Zip(Numbers(expected), (a, b) => (a.Name, a.Value, b.Value)))
                    (a is null).Should().Be(b is null, name);
                foreach (
                    var (name, a, b) in Numbers(found)
                        .Zip(Numbers(expected), (a, b) => (a.Name, a.Value, b.Value))
                        .Where(n => n.Item2 is not null)
                )
                    a!.Value.Should().BeApproximately(b!.Value, Loss * Math.Max(1, Math.Abs(b.Value)), $"{name} of step {i + 1}");
            }
        Distance(ranks[0].Weights, whole.Weights).Should().BeLessThan(Weight);
        ranks[1].Digest.Should().Be(ranks[0].Digest);
    }

    [Test]
    public void Without_synchronised_statistics_ranks_stay_equal_but_take_another_step_than_one_process()
    {
        var config = SmallRun.Config(Wide);
        string[] masks = ["....", "...."];
        var whole = Whole(config, masks);
        var ranks = Split(config, masks);

        // The first loss differs already: each rank normalises with the statistics of its own two cuts.
        Math.Abs(ranks[0].Steps[0].Loss.Total!.Value - whole.Steps[0].Loss.Total!.Value).Should().BeGreaterThan(1e-6);
        Distance(ranks[0].Weights, ranks[1].Weights).Should().Be(0, "gradients are averaged, so that the weights are the same");
        Distance(ranks[0].Statistics, ranks[1].Statistics)
            .Should()
            .BePositive("running statistics are each rank's own until rank 0's are shared");
        Distance(ranks[0].Weights, whole.Weights).Should().BeGreaterThan(1e-6);
    }

    [Test]
    public void Ranks_with_random_masks_never_hang_and_hold_equal_weights_after_every_step()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SPEECHGAN_SEED"), out var given)
            ? given
            : Environment.TickCount & 0xFFFFFF;
        var steps = int.TryParse(Environment.GetEnvironmentVariable("SPEECHGAN_STEPS"), out var wanted) ? wanted : 60;
        var size = int.TryParse(Environment.GetEnvironmentVariable("SPEECHGAN_RANKS"), out var many) ? many : 2;
        TestContext.Out.WriteLine($"seed {seed} (SPEECHGAN_SEED), {steps} steps (SPEECHGAN_STEPS), {size} ranks (SPEECHGAN_RANKS)");
        var config = SmallRun.Config("model.dropout=0", "discriminator.dropout=0", "metric.workers=1");
        var networks = Enumerable.Range(0, size).Select(_ => new Networks(config)).ToList();
        var random = new Random(seed);
        // Half of the steps have a rank without any scored sample; some have none on all ranks.
        var masks = Enumerable
            .Range(0, steps)
            .Select(_ =>
                random.NextDouble() is var share
                    ? string.Concat(Enumerable.Range(0, 2 * size).Select(_ => random.NextDouble() < share ? 's' : '.'))
                    : ""
            )
            .ToList();
        var cuts = Cuts(config, 2 * size);

        var digests = Ranks.Run(size, group =>
        {
            var step = new TrainStep(networks[group.Rank], config, group);
            networks[group.Rank].Train(true);
            return masks
                .Select(
                    (mask, i) =>
                    {
                        group.Doing = $"step {i + 1}";
                        var telemetry = step.Run(Part(cuts, mask, group.Rank, 2), 1, i + 1);
                        telemetry.Scored.Should().Be(mask.Count(m => m == '.'), $"seed {seed}, step {i + 1}, mask {mask}");
                        telemetry
                            .DiscriminatorStepped.Should()
                            .Be(mask.Contains('.', StringComparison.Ordinal), $"seed {seed}, step {i + 1}, mask {mask}");
                        return Digest(networks[group.Rank]);
                    }
                )
                .ToList();
        });

        for (var i = 0; i < steps; i++)
            digests.Select(d => d[i]).Distinct().Should().HaveCount(1, $"seed {seed}, step {i + 1}, mask {masks[i]}");
        digests[0].Distinct().Should().HaveCount(steps, "every step moves the generator");
        TestContext.Out.WriteLine(
            $"{masks.Count(m => m.Chunk(2).Any(r => r.All(c => c == 's')) && m.Contains('.', StringComparison.Ordinal))} steps had a "
                + $"rank without a score among others with one, "
                + $"{masks.Count(m => !m.Contains('.', StringComparison.Ordinal))} had no score at all"
        );
        networks.ForEach(n => n.Dispose());
    }

    [Test]
    public void Gradients_summed_beside_the_backward_pass_move_the_weights_to_the_bits_of_one_sum_after_it()
    {
        var config = SmallRun.Config([.. Wide, "train.precision=float32"]);
        string[] masks = ["....", ".s.s"];
        var digests = new[] { true, false }
            .Select(overlap =>
            {
                var networks = Enumerable.Range(0, 3).Select(_ => new Networks(config)).ToList();
                var outcomes = Ranks.Run(3, group =>
                {
                    networks[group.Rank].Train(true);
                    var cuts = Cuts(config, 6);
                    var step = new TrainStep(networks[group.Rank], config, group, FaultPoints.None, overlap);
                    for (var i = 1; i <= masks.Length; i++)
                        step.Run(Part(cuts, masks[i - 1] + "..", group.Rank, 2), 1, i);
                    return (Digest(networks[group.Rank]), group.Tally.ReducedBytes, group.Tally.Calls);
                });
                networks.ForEach(n => n.Dispose());
                outcomes.Distinct().Should().HaveCount(1);
                return outcomes[0];
            })
            .ToList();
        digests[0].Item1.Should().Be(digests[1].Item1);
        digests[0].ReducedBytes.Should().Be(digests[1].ReducedBytes, "every gradient is summed once");
        (digests[0].Calls - digests[1].Calls)
            .Should()
            .Be(masks.Length * (config.Model.Blocks + 1), "the decoders, each block and the encoder have a sum of their own");
    }

    [Test]
    public void A_stage_s_sum_is_begun_before_the_backward_pass_has_ended()
    {
        var config = SmallRun.Config([.. Wide, "model.blocks=2"]);
        var networks = Enumerable.Range(0, 2).Select(_ => new Networks(config)).ToList();
        var begun = Ranks.Run(2, group =>
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            var generator = networks[group.Rank].Generator;
            using var buckets = new GradientBuckets(group, generator);
            buckets.Begin();
            var (real, imaginary) = generator.call(TorchSharp.torch.ones([1, 2, 20, 201], networks[group.Rank].Type));
            (real + imaginary).sum().backward();
            generator.EndBackward();
            buckets.Finish().Should().BeTrue();
            return buckets.BegunInPass;
        });
        // The decoders' and both blocks'; the encoder's gradients are there only when the pass is over.
        begun.Should().AllBeEquivalentTo(3);
        networks.ForEach(n => n.Dispose());
    }

    [Test]
    public void A_loss_that_is_not_finite_on_one_rank_stops_all_and_moves_no_weight()
    {
        var config = SmallRun.Config("model.dropout=0", "discriminator.dropout=0", "metric.workers=1");
        var networks = Enumerable.Range(0, 2).Select(_ => new Networks(config)).ToList();
        var before = Weights(networks[0]);
        var cuts = Cuts(config, 4);
        cuts[2].Noisy[100] = float.NaN;
        var outcomes = Ranks.Outcomes(2, group =>
        {
            networks[group.Rank].Train(true);
            return new TrainStep(networks[group.Rank], config, group).Run(Part(cuts, "....", group.Rank, 2), 1, 5);
        });
        foreach (var (_, failure) in outcomes)
            failure
                .Should()
                .BeOfType<NonFiniteException>()
                .Which.Message.Should()
                .Match($"Rank 1: The generator's loss is not finite in step 5 (epoch 1): *{cuts[2].Name} from sample 0*");
        networks.Select(Weights).Should().AllBe(before);
        networks.ForEach(n => n.Dispose());
    }

    [Test]
    public void Ranks_draw_different_dropout_masks_and_rank_0_those_of_a_process_alone()
    {
        var seeds = Enumerable.Range(0, 4).Select(rank => TrainStep.DropoutSeed(1, 2, 3, rank)).ToList();
        seeds.Should().OnlyHaveUniqueItems();
        seeds[0].Should().Be((long)(SpeechGan.Dsp.CounterRandom.Bits(1, SpeechGan.Dsp.CounterRandom.Stream("dropout"), 2, 3) >> 1));
    }

    private sealed record Outcome(
        IReadOnlyList<StepTelemetry> Steps,
        SortedDictionary<string, double[]> Weights,
        SortedDictionary<string, double[]> Statistics,
        string Digest
    );

    private sealed record Cut(string Name, float[] Clean, float[] Noisy);

    private Outcome Whole(RunConfig config, string[] masks)
    {
        using var networks = new Networks(config);
        return Take(networks, config, SoleProcess.Instance, masks, 4);
    }

    private Outcome[] Split(RunConfig config, string[] masks)
    {
        var networks = Enumerable.Range(0, 2).Select(_ => new Networks(config)).ToList();
        var outcomes = Ranks.Run(2, group => Take(networks[group.Rank], config, group, masks, 2));
        networks.ForEach(n => n.Dispose());
        return outcomes;
    }

    private Outcome Take(Networks networks, RunConfig config, IProcessGroup group, string[] masks, int size)
    {
        networks.Train(true);
        var step = new TrainStep(networks, config, group);
        var cuts = Cuts(config, 4 * masks.Length);
        var steps = masks.Select((mask, i) => step.Run(Part(cuts[(4 * i)..(4 * (i + 1))], mask, group.Rank, size), 1, i + 1)).ToList();
        var tensors = new SortedDictionary<string, double[]>(
            StateDict
                .Of(networks.Generator)
                .Select(e => ("g." + e.Key, e.Value))
                .Concat(StateDict.Of(networks.Discriminator!).Select(e => ("d." + e.Key, e.Value)))
                .Where(e => e.Value.Type == TensorType.F64)
                .ToDictionary(
                    e => e.Item1,
                    e => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(e.Value.Bytes.Span).ToArray()
                ),
            StringComparer.Ordinal
        );
        bool Statistic(string name) => name.Contains(".running_", StringComparison.Ordinal);
        return new Outcome(
            steps,
            new(tensors.Where(t => !Statistic(t.Key) && !IsDead(t.Key)).ToDictionary(), StringComparer.Ordinal),
            new(tensors.Where(t => Statistic(t.Key)).ToDictionary(), StringComparer.Ordinal),
            Digest(networks)
        );
    }

    // A bias whose convolution is followed by a normalisation over positions: it cancels, and its gradient is rounding noise.
    private static bool IsDead(string name) =>
        name.EndsWith(".bias", StringComparison.Ordinal)
        && new[]
        {
            "g.dense_encoder.conv_1.0.",
            "g.dense_encoder.conv_2.0.",
            ".dilated_dense.conv",
            ".dense_block.conv",
            "g.mask_decoder.conv_1.",
            ".conv.net.4.conv.",
        }.Any(part => name.Contains(part, StringComparison.Ordinal));

    private static double Distance(SortedDictionary<string, double[]> left, SortedDictionary<string, double[]> right)
    {
        left.Keys.Should().Equal(right.Keys).And.NotBeEmpty();
        return left.Select(t => t.Value.Zip(right[t.Key], (a, b) => Math.Abs(a - b)).Aggregate(0.0, Math.Max)).Aggregate(0.0, Math.Max);
    }

    private static IEnumerable<(string Name, double? Value)> Numbers(StepTelemetry s) =>
        [
            ("ri", s.Loss.Ri),
            ("magnitude", s.Loss.Magnitude),
            ("time", s.Loss.Time),
            ("gan", s.Loss.Gan),
            ("total", s.Loss.Total),
            ("discriminator", s.DiscriminatorLoss),
            ("norm ri", s.GradientNorm!.Ri),
            ("norm magnitude", s.GradientNorm.Magnitude),
            ("norm time", s.GradientNorm.Time),
            ("norm gan", s.GradientNorm.Gan),
            ("norm generator", s.GradientNorm.Generator),
            ("norm discriminator", s.GradientNorm.Discriminator),
            .. s.Samples!.Select(x => ($"PESQ of {x.Name}", x.Pesq)),
            .. s.Samples!.Select(x => ($"output for {x.Name}", x.Discriminator)),
        ];

    // Running statistics apart: without synchronisation they are each rank's own.
    private static string Digest(Networks networks) =>
        string.Concat(
            new TorchSharp.torch.nn.Module[] { networks.Generator, networks.Discriminator! }.Select(m =>
                Convert.ToHexString(
                    System.Security.Cryptography.SHA256.HashData(
                        StateDict
                            .Of(m)
                            .Where(e => !e.Key.Contains("running_", StringComparison.Ordinal))
                            .SelectMany(e => e.Value.Bytes.ToArray())
                            .ToArray()
                    )
                )
            )
        );

    /// <summary>What an optimiser moves: no running statistic, no power iteration, no count.</summary>
    private static string Weights(Networks networks) =>
        string.Concat(
            new TorchSharp.torch.nn.Module[] { networks.Generator, networks.Discriminator! }
                .SelectMany(m => m.named_parameters())
                .Select(p => Convert.ToHexString(p.parameter.detach().bytes))
        );

    private List<Cut> Cuts(RunConfig config, int count)
    {
        var corpus = SmallRun.Open(place.Corpus, config);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var utterance = corpus.Train[i % corpus.Train.Count];
                    var pair = utterance.LoadPair();
                    return new Cut(
                        utterance.Name,
                        CutSampler.Center(pair.Clean, config.TrainCutSamples).ToArray(),
                        CutSampler.Center(pair.Noisy, config.TrainCutSamples).ToArray()
                    );
                }),
        ];
    }

    /// <summary>A rank's part of a batch; where the mask says so, the clean side is silent and PESQ has nothing to score.</summary>
    private static Batch Part(List<Cut> cuts, string mask, int rank, int size)
    {
        var mine = Enumerable.Range(rank * size, size).ToList();
        return new Batch
        {
            Clean = [.. mine.SelectMany(i => mask[i] == 's' ? new float[cuts[i].Clean.Length] : cuts[i].Clean)],
            Noisy = [.. mine.SelectMany(i => cuts[i].Noisy)],
            BatchSize = size,
            Samples = cuts[0].Clean.Length,
            Names = [.. mine.Select(i => cuts[i].Name)],
            Starts = [.. mine.Select(_ => 0)],
            MixedIn = [.. mine.Select(_ => false)],
            SilentClean = [.. mine.Select(i => mask[i] == 's')],
            SilentNoisy = [.. mine.Select(_ => false)],
            Epoch = 1,
            IndexInEpoch = 0,
        };
    }
}
