using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>One training step and its record.</summary>
[RequiresTensorEngine]
internal sealed class TrainStepTests
{
    private const int Samples = 8000;

    [Test]
    public void A_step_trains_both_networks_and_records_all_of_it()
    {
        using var run = new Run(Config());
        var (generator, discriminator) = (Weights(run.Networks.Generator), Weights(run.Networks.Discriminator!));
        var step = run.Step(Batch(0, 0));
        step.DiscriminatorStepped.Should().BeTrue();
        step.DiscriminatorLoss.Should().BePositive();
        step.Scored.Should().Be(2);
        step.Samples!.Should().OnlyContain(s => s.Pesq > 1 && s.Discriminator > 0 && s.Discriminator < 1 && s.Masked == null);
        step.Loss.Total.Should()
            .BeApproximately((0.1 * step.Loss.Ri + 0.9 * step.Loss.Magnitude + 0.2 * step.Loss.Time + 0.05 * step.Loss.Gan)!.Value, 1e-9);
        foreach (
            var norm in new[]
            {
                step.GradientNorm!.Ri,
                step.GradientNorm.Magnitude,
                step.GradientNorm.Time,
                step.GradientNorm.Gan,
                step.GradientNorm.Generator,
                step.GradientNorm.Discriminator,
            }
        )
            norm.Should().BePositive();
        step.Unavailable.Should().BeEmpty();
        Weights(run.Networks.Generator).Should().NotBe(generator);
        Weights(run.Networks.Discriminator!).Should().NotBe(discriminator);
    }

    [Test]
    public void The_discriminator_steps_as_soon_as_one_sample_is_scored()
    {
        using var run = new Run(Config());
        var step = run.Step(Batch(0, silentClean: 1));
        step.Scored.Should().Be(1);
        step.Masked.Values.Sum().Should().Be(1);
        step.DiscriminatorStepped.Should().BeTrue();
        step.Samples![1].Pesq.Should().BeNull();
        step.Samples[1].Masked.Should().NotBeNullOrEmpty();
    }

    [Test]
    public void A_step_the_discriminator_skips_has_no_loss_but_a_reason_and_leaves_its_weights()
    {
        using var run = new Run(Config());
        var weights = Weights(run.Networks.Discriminator!);
        var step = run.Step(Batch(0, silentClean: 2));
        step.Scored.Should().Be(0);
        step.DiscriminatorStepped.Should().BeFalse();
        step.DiscriminatorLoss.Should().BeNull();
        step.GradientNorm!.Discriminator.Should().BeNull();
        step.Unavailable["discriminatorLoss"].Should().StartWith("no sample of the batch could be scored: ");
        step.Samples!.Should().OnlyContain(s => s.Discriminator == null);
        Weights(run.Networks.Discriminator!).Should().Be(weights);
    }

    [Test]
    public void Dropping_the_batch_starves_the_discriminator_where_one_sample_has_no_score()
    {
        var config = Config();
        using var run = new Run(config with { Metric = config.Metric with { OnFailure = MetricFailurePolicy.DropBatch } });
        var step = run.Step(Batch(0, silentClean: 1));
        step.DiscriminatorStepped.Should().BeFalse();
        step.Unavailable["discriminatorLoss"].Should().StartWith("metric.onFailure dropped the batch, 1 of 2 samples scored: ");
    }

    [TestCase("gan")]
    [TestCase("ri")]
    [TestCase("magnitude")]
    [TestCase("time")]
    public void A_weight_of_zero_takes_the_term_and_its_record_out(string term)
    {
        var config = Config();
        var w = config.Loss.Weights;
        using var run = new Run(
            config with
            {
                Loss = config.Loss with
                {
                    Weights = term switch
                    {
                        "gan" => w with { Gan = 0 },
                        "ri" => w with { Ri = 0 },
                        "magnitude" => w with { Magnitude = 0 },
                        _ => w with { Time = 0 },
                    },
                },
            }
        );
        var step = run.Step(Batch(0, 0));
        var recorded = new Dictionary<string, (double? Loss, double? Norm)>
        {
            ["ri"] = (step.Loss.Ri, step.GradientNorm!.Ri),
            ["magnitude"] = (step.Loss.Magnitude, step.GradientNorm.Magnitude),
            ["time"] = (step.Loss.Time, step.GradientNorm.Time),
            ["gan"] = (step.Loss.Gan, step.GradientNorm.Gan),
        };
        foreach (var (name, (loss, norm)) in recorded)
            (loss is null, norm is null).Should().Be((name == term, name == term), name);
        step.GradientNorm.Generator.Should().BePositive();
        if (term != "gan")
            return;
        run.Networks.Discriminator.Should().BeNull();
        step.DiscriminatorStepped.Should().BeFalse();
        step.Samples!.Should()
            .OnlyContain(
                s => s.Name.StartsWith("clip ") && s.Pesq == null && s.Masked == null && s.Discriminator == null && s.Target == null,
                "names are recorded, and nothing else was measured"
            );
        step.Unavailable.Keys.Should().BeEquivalentTo(["discriminatorLoss", "scores"]);
    }

    [TestCase("generator")]
    [TestCase("discriminator")]
    public void A_weight_that_is_not_finite_stops_the_run_before_any_other_moves(string network)
    {
        using var run = new Run(Config());
        var module = network == "generator" ? (nn.Module)run.Networks.Generator : run.Networks.Discriminator!;
        using (no_grad())
            module.named_parameters().First(p => p.name is "dense_encoder.conv_1.0.weight" or "layers.17.bias").parameter.fill_(float.NaN);
        var (generator, discriminator) = (Weights(run.Networks.Generator), Weights(run.Networks.Discriminator!));
        FluentActions
            .Invoking(() => run.Step(Batch(0, 0), 7))
            .Should()
            .Throw<NonFiniteException>()
            .WithMessage(
                "The generator's loss is not finite in step 7 (epoch 1): *The batch was clip 0 from sample 0, clip 1 from sample 0. "
                    + "The step was not taken.*"
            )
            .Which.Step.Should()
            .Be(7);
        Weights(run.Networks.Generator).Should().Be(generator);
        Weights(run.Networks.Discriminator!).Should().Be(discriminator);
    }

    [Test]
    public void The_same_seed_gives_the_same_records_and_weights_to_the_bit()
    {
        var one = Train(Config());
        var two = Train(Config());
        var other = Train(Config() with { Seed = 2 });
        two.Should().Be(one);
        other.Should().NotBe(one);

        static string Train(RunConfig config)
        {
            using var run = new Run(config);
            var records = new[] { Batch(0, 0), Batch(2, silentClean: 1) }
                .Select((b, i) => run.Step(b, i + 1) with { Seconds = null })
                .ToList();
            return System.Text.Json.JsonSerializer.Serialize(records, RunJson.Document) + CheckpointParts.Digest(run.Networks);
        }
    }

    // Dropout stays on: that it repeats is part of the promise.
    private static RunConfig Config()
    {
        var tiny = Presets.Find("tiny");
        return tiny with { Train = tiny.Train with { Threads = 1 }, Metric = tiny.Metric with { Workers = 1 } };
    }

    /// <summary>Two clips of harmonics with moving level and noise; the last ones silent on the clean side.</summary>
    private static Batch Batch(int first, int silentClean)
    {
        float[] clean = new float[2 * Samples],
            noisy = new float[2 * Samples];
        for (var clip = 0; clip < 2; clip++)
        {
            var random = new Random(100 + first + clip);
            for (var n = 0; n < Samples; n++)
            {
                double t = n / 16000.0,
                    level = 0.2 * Math.Pow(Math.Sin(Math.PI * 4 * t), 2),
                    pitch = 120 + (30 * clip);
                var voice = level * Enumerable.Range(1, 8).Sum(h => Math.Sin(2 * Math.PI * pitch * h * t) / h);
                clean[(clip * Samples) + n] = clip >= 2 - silentClean ? 0 : (float)voice;
                noisy[(clip * Samples) + n] = (float)(voice + (0.02 * (random.NextDouble() - 0.5)));
            }
        }
        return new Batch
        {
            Clean = clean,
            Noisy = noisy,
            BatchSize = 2,
            Samples = Samples,
            Names = ["clip 0", "clip 1"],
            Starts = [0, 0],
            MixedIn = [false, false],
            SilentClean = [silentClean > 1, silentClean > 0],
            SilentNoisy = [false, false],
            Epoch = 1,
            IndexInEpoch = 0,
        };
    }

    private static string Weights(nn.Module module) =>
        Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(
                StateDict
                    .Of(module)
                    .Where(e =>
                        !e.Key.Contains("running", StringComparison.Ordinal)
                        && !e.Key.Contains("tracked", StringComparison.Ordinal)
                        && !e.Key.EndsWith("weight_u", StringComparison.Ordinal)
                        && !e.Key.EndsWith("weight_v", StringComparison.Ordinal)
                    )
                    .SelectMany(e => e.Value.Bytes.ToArray())
                    .ToArray()
            )
        );

    private sealed class Run : IDisposable
    {
        private readonly TrainStep step;

        public Run(RunConfig config)
        {
            set_num_threads(config.Train.Threads);
            Networks = new Networks(config);
            step = new TrainStep(Networks, config);
        }

        public Networks Networks { get; }

        public StepTelemetry Step(Batch batch, long number = 1) => step.Run(batch, 1, number);

        public void Dispose() => Networks.Dispose();
    }
}
