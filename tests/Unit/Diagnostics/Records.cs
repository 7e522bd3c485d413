using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

/// <summary>A run without a fault in which everything is measured, made in memory from a seed, to be varied by one fault a test.</summary>
internal static class Records
{
    public const int Epochs = 6,
        StepsPerEpoch = 30,
        BatchSize = 2,
        Utterances = 8;

    /// <summary>Checks of the trainer's own step and paths.</summary>
    private static readonly string[] Rehearsed =
    [
        "step/ri",
        "step/magnitude",
        "step/time",
        "step/gan",
        "step/total",
        "step/discriminator-loss",
        "step/d-of-estimate",
        "step/d-of-clean",
        "step/taught",
        "step/targets",
        "step/pesq",
        "step/generator-gradient",
        "step/discriminator-gradient",
        "step/generator-update",
        "step/discriminator-update",
        "step/optimiser-tensors",
        "step/generator-buffers",
        "scoring/clean",
        "scoring/noisy",
        "evaluated/clean",
        "evaluated/noisy",
        "evaluated/estimate",
        "evaluated/cut",
    ];

    public static RunRecord Healthy(int seed = 1)
    {
        var random = new Random(seed);
        var steps = new List<StepTelemetry>();
        var epochs = new List<EpochTelemetry>();
        var evaluations = Evaluated(0, "valid", "noisy_", i => 1.4 + (0.1 * i))
            .Concat(Evaluated(0, "test", "noisy_", i => 1.45 + (0.1 * i)))
            .ToList();
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            string[] names = [.. Enumerable.Range(0, StepsPerEpoch * BatchSize).Select(i => $"tr{i:00}")];
            random.Shuffle(names);
            var own = Enumerable
                .Range(0, StepsPerEpoch)
                .Select(i => Step(random, epoch, i, names.AsSpan(i * BatchSize, BatchSize)))
                .ToArray();
            steps.AddRange(own);
            var scores = Evaluated(epoch, "valid", "", i => 1.6 + (0.1 * i) + (0.05 * epoch)).ToList();
            evaluations.AddRange(scores);
            epochs.Add(Epoch(epoch, own, scores));
        }

        evaluations.AddRange(Evaluated(Epochs, "test", "", i => 1.6 + (0.1 * i) + (0.05 * Epochs)));
        return new RunRecord
        {
            Info = new RunInfo
            {
                Id = "run-1",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = seed,
                Kernels = [Kernels(KernelCheck("feed forward"), KernelCheck("dense block"))],
            },
            Config = new RunConfig(),
            Steps = steps,
            Epochs = epochs,
            Evaluations = evaluations,
            Oracles =
            [
                Oracle("estimate-is-clean/ri", 0),
                Oracle("estimate-is-clean/magnitude", 0),
                Oracle("estimate-is-clean/time", 5e-8, 1e-5),
                Oracle("gain-leaves-pesq", 0, 2e-4),
                Oracle("clean-reversed/estimate", 0) with
                {
                    Epoch = 1,
                },
                Oracle("clean-reversed/signal", 0) with
                {
                    Epoch = 1,
                },
                Oracle("alone-and-in-batch/estimate", 2e-6, 1e-2) with
                {
                    Epoch = 1,
                },
                .. Rehearsed.Select(name => Oracle(name, 1e-6, 1e-2) with { Epoch = 1 }),
                Oracle("loaded/clean", 0) with
                {
                    Epoch = 1,
                },
                Oracle("loaded/noisy", 0) with
                {
                    Epoch = 1,
                },
            ],
            Audit = new AuditReport
            {
                Root = "/corpus",
                Parts =
                [
                    new AuditedPart("train", 60, 120, 0.1) { Measures = Measured(60) },
                    new AuditedPart("test", 8, 30, 0.1) { Measures = Measured(8) },
                ],
                Findings = [],
                Likeness = new AuditedLikeness(480, 0),
            },
        };
    }

    /// <summary>A part's measures as a sound corpus has them.</summary>
    public static IReadOnlyList<PartMeasure> Measured(int files) =>
        [
            new("clean-level", "dB", files, -28, -26, -23),
            new("noisy-level", "dB", files, -27, -25, -22),
            new("clean-floor", "dB", files, -55, -46, -40),
            new("noisy-floor", "dB", files, -46, -41, -36),
            new("clean-bandwidth", "Hz", files, 7750, 8000, 8000),
            new("noisy-bandwidth", "Hz", files, 8000, 8000, 8000),
            new("clean-rate", "Hz", files, 16000, 16000, 16000),
            new("noisy-rate", "Hz", files, 16000, 16000, 16000),
            new("clean-clipped", "%", files, 0, 0, 0),
            new("noisy-clipped", "%", files, 0, 0, 0),
        ];

    /// <summary>A self-test of kernels with these checks.</summary>
    public static KernelRecord Kernels(params KernelCheckRecord[] checks) =>
        new()
        {
            Device = "cpu",
            Type = "float32",
            Kernels = new PathInForce("fused", "as configured"),
            OneDnn = new PathInForce("on", "nothing was found that is wrong with it"),
            Nnpack = new PathInForce("off", "always"),
            Checks = checks,
            Seconds = 0.1,
        };

    /// <summary>A check that is right and in force.</summary>
    public static KernelCheckRecord KernelCheck(string name) =>
        new()
        {
            Path = "fused kernels, oneDNN on",
            Operator = name,
            Shape = "8 channels, 2x101",
            Forward = 2e-7,
            Gradient = 4e-7,
            Worst = "result",
            Limit = 7e-6,
            Right = true,
            InForce = true,
        };

    public static ReconstructionCheck Oracle(string name, double observed, double allowed = 0) =>
        new()
        {
            Epoch = 0,
            Name = name,
            Observed = observed,
            Expected = 0,
            Allowed = allowed,
        };

    public static RunRecord WithSteps(this RunRecord run, Func<StepTelemetry, StepTelemetry> change) =>
        run with
        {
            Steps = [.. run.Steps.Select(change)],
        };

    public static RunRecord WithSamples(this RunRecord run, Func<StepTelemetry, SampleScore, SampleScore> change) =>
        run.WithSteps(s => s with { Samples = [.. (s.Samples ?? []).Select(x => change(s, x))] });

    public static RunRecord WithEpochs(this RunRecord run, Func<EpochTelemetry, EpochTelemetry> change) =>
        run with
        {
            Epochs = [.. run.Epochs.Select(change)],
        };

    public static RunRecord WithOracle(this RunRecord run, string name, double? observed) =>
        run with
        {
            Oracles =
            [
                .. run
                    .Oracles.Where(o => o.Name != name || observed is not null)
                    .Select(o => o.Name == name ? o with { Observed = observed } : o),
            ],
        };

    /// <summary>Validation PESQ of every utterance moved by an epoch's change; the epochs' means follow.</summary>
    public static RunRecord WithPesq(this RunRecord run, params double[] changes)
    {
        RunRecord moved = run with
        {
            Evaluations =
            [
                .. run.Evaluations.Select(e =>
                    e is { Split: "valid", Epoch: > 0 }
                        ? e with
                        {
                            Metrics = e.Metrics.ToDictionary(
                                m => m.Key,
                                m => m.Key == "pesq_wb" ? m.Value + changes[e.Epoch - 1] : m.Value
                            ),
                        }
                        : e
                ),
            ],
        };
        return moved.WithEpochs(e =>
            e with
            {
                Validation = e.Validation! with
                {
                    Mean = Mean([.. moved.Evaluations.Where(v => v.Split == "valid" && v.Epoch == e.Epoch)]),
                },
                BestEpoch = null,
                BestPesq = null,
            }
        );
    }

    public static RunRecord Empty(RunConfig? config = null) =>
        new()
        {
            Info = new RunInfo
            {
                Id = "run-0",
                Status = RunStatus.Running,
                Started = DateTimeOffset.UnixEpoch,
                Seed = 1,
            },
            Config = config,
        };

    public static RunConfig WithoutDiscriminator()
    {
        var config = new RunConfig();
        return config with { Loss = config.Loss with { Weights = config.Loss.Weights with { Gan = 0 } } };
    }

    private static StepTelemetry Step(Random random, int epoch, int index, ReadOnlySpan<string> names)
    {
        var samples = new List<SampleScore>();
        foreach (var name in names)
        {
            var pesq = 1.2 + (1.8 * random.NextDouble());
            var target = (pesq - 1) / 3.5;
            samples.Add(
                new SampleScore
                {
                    Name = name,
                    Start = 16 * index,
                    Input = Loaded(random),
                    Pesq = pesq,
                    Target = target,
                    Discriminator = Math.Clamp((0.8 * target) + 0.05 + (0.06 * random.NextDouble()), 0, 1),
                    DiscriminatorOfClean = 0.9 + (0.05 * random.NextDouble()),
                }
            );
        }

        double Near(double value) => value * (0.9 + (0.2 * random.NextDouble()));
        // Losses are those of the numbers beside them; the GAN term hears other dropout.
        var learned = 1 / (1 + (0.1 * epoch));
        double ri = Near(0.5) * learned,
            magnitude = Near(0.1) * learned,
            time = Near(0.1) * learned,
            gan = samples.Average(s => Square(1 - s.Discriminator!.Value)) * (0.97 + (0.06 * random.NextDouble()));
        var weights = new RunConfig().Loss.Weights;
        static double Square(double x) => x * x;
        return new StepTelemetry
        {
            Epoch = epoch,
            Step = ((epoch - 1L) * StepsPerEpoch) + index + 1,
            Batch = index,
            Loss = new LossTerms
            {
                Ri = ri,
                Magnitude = magnitude,
                Time = time,
                Gan = gan,
                Total = (weights.Ri * ri) + (weights.Magnitude * magnitude) + (weights.Time * time) + (weights.Gan * gan),
            },
            DiscriminatorLoss =
                samples.Average(s => Square(s.Discriminator!.Value - s.Target!.Value))
                + samples.Average(s => Square(1 - s.DiscriminatorOfClean!.Value)),
            GeneratorUpdate = Update(5e-4, 100_000, 0.2 + (0.1 * random.NextDouble()), index),
            DiscriminatorUpdate = Update(1e-3, 20_000, 0.2 + (0.1 * random.NextDouble()), index),
            GradientNorm = new GradientNorms
            {
                Ri = Near(0.04),
                Magnitude = Near(0.14),
                Time = Near(0.12),
                Gan = Near(0.7),
                Generator = Near(0.5),
                Discriminator = Near(0.7),
            },
            SampleCount = BatchSize,
            Scored = BatchSize,
            DiscriminatorStepped = true,
            Samples = samples,
        };
    }

    private static WeightUpdate Update(double rate, long parameters, double ratio, int index) =>
        new()
        {
            Norm = ratio * rate * Math.Sqrt(parameters),
            Rate = rate,
            Parameters = parameters,
            Digest = $"{index:x16}",
        };

    private static SampleInput Loaded(Random random) =>
        new()
        {
            CleanLevel = 0.05,
            NoisyLevel = 0.06,
            CleanMean = 1e-5,
            NoisyMean = 2e-5,
            CleanPeak = 0.5,
            NoisyPeak = 0.55,
            Lag = 0,
            Correlation = 0.9 + (0.05 * random.NextDouble()),
            Unshifted = 0.9,
            RangeGained = -12,
        };

    private static EpochTelemetry Epoch(int epoch, StepTelemetry[] steps, List<UtteranceEvaluation> scores)
    {
        var mean = Mean(scores);
        return EpochSummary.Of(epoch, steps) with
        {
            BatchesPlanned = StepsPerEpoch,
            GeneratorLearningRate = 5e-4,
            ParameterDigest = $"digest-{epoch}",
            BestEpoch = epoch,
            BestPesq = mean["pesq_wb"],
            ModeLoss = new ModeLoss { Training = 0.1, Evaluation = 0.09 },
            Validation = new ValidationSummary
            {
                Split = "valid",
                Utterances = scores.Count,
                Mean = mean,
                TrainingMode = false,
                StateChanged = false,
            },
        };
    }

    private static Dictionary<string, double> Mean(List<UtteranceEvaluation> scores) =>
        scores
            .SelectMany(e => e.Metrics.Keys)
            .Distinct()
            .ToDictionary(m => m, m => SpeechGan.Statistics.SampleMean.Of([.. scores.Select(e => e.Metrics[m])]));

    private static IEnumerable<UtteranceEvaluation> Evaluated(int epoch, string split, string prefix, Func<int, double> pesq) =>
        Enumerable
            .Range(0, Utterances)
            .Select(i => new UtteranceEvaluation
            {
                Epoch = epoch,
                Split = split,
                Name = $"{split}{i}",
                CutStart = 100 * i,
                CutLength = 64_000,
                Metrics = new Dictionary<string, double>
                {
                    [prefix + "pesq_wb"] = pesq(i),
                    [prefix + "si_sdr"] = 10.123 + i,
                    [prefix + "ssnr"] = 5.25 + i,
                    [prefix + "pesq_wb_moved"] = 0.01,
                },
            });
}
