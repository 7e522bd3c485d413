using System.Globalization;
using System.Text;
using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// A record of the length of a real training, made from a short run: its configuration, checks, fields and sizes of numbers, with other
/// numbers in every line. Written by the types that training writes with; the same arguments give the same bytes.
/// </summary>
internal static class LongRecord
{
    private const int TrainingUtterances = 11_572;
    private const int Batch = 1024; // lines written at once

    public static int Run(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("Usage: long-record SHORT-RUN OUT [EPOCHS [STEPS-PER-EPOCH [UTTERANCES [SEED]]]]");
            return 2;
        }

        int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
        Write(args[0], args[1], Number(2, 120), Number(3, 2893), Number(4, 800), Number(5, 1));
        return 0;
    }

    private static void Write(string source, string folder, int epochs, int stepsPerEpoch, int utterances, int seed)
    {
        var shape = RunRecord.Load(source);
        var config = shape.Config!.With([
            string.Create(CultureInfo.InvariantCulture, $"train.epochs={epochs}"),
            string.Create(CultureInfo.InvariantCulture, $"train.stepsPerEpoch={stepsPerEpoch}"),
        ]);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJson());
        File.Copy(Path.Combine(source, "oracles.jsonl"), Path.Combine(folder, "oracles.jsonl"), overwrite: true);
        if (shape.Audit is not null)
            File.Copy(Path.Combine(source, "audit.json"), Path.Combine(folder, "audit.json"), overwrite: true);
        using var steps = File.Create(Path.Combine(folder, "steps.jsonl"));
        using var lines = File.Create(Path.Combine(folder, "epochs.jsonl"));
        using var evaluations = File.Create(Path.Combine(folder, "evaluations.jsonl"));
        var (noisy, scored) = Utterances(shape);
        foreach (var split in new[] { RecordName.Valid, RecordName.Test })
            evaluations.Write(JsonLines.Encode(Evaluated(noisy, split, 0, utterances, 0, seed)));
        (int Epoch, double Pesq)? best = null;
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var progress = epoch / (epoch + 20.0);
            StepTelemetry[] own =
            [
                .. Enumerable.Range(0, stepsPerEpoch).Select(i => Step(shape, config, epoch, i, stepsPerEpoch, progress, seed)),
            ];
            foreach (var part in own.Chunk(Batch))
                steps.Write(JsonLines.Encode(part));
            var validated = Evaluated(scored, RecordName.Valid, epoch, utterances, progress, seed);
            evaluations.Write(JsonLines.Encode(validated));
            var pesq = validated.Average(e => e.Metrics[RecordName.Pesq]);
            if (!(best?.Pesq >= pesq))
                best = (epoch, pesq);
            lines.Write(JsonLines.Encode([Epoch(shape, config, epoch, own, validated, best.Value)]));
        }
        evaluations.Write(JsonLines.Encode(Evaluated(scored, RecordName.Test, epochs, utterances, epochs / (epochs + 20.0), seed)));
        var info = shape.Info with
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"long-{epochs}-{stepsPerEpoch}-{seed}"),
            Seed = seed,
            Data = null,
        };
        File.WriteAllText(
            Path.Combine(folder, "run.json"),
            JsonSerializer.Serialize(info, RunJson.Document) + "\n",
            new UTF8Encoding(false)
        );
        Console.WriteLine(
            $"'{folder}': {(long)epochs * stepsPerEpoch} steps in {steps.Length} bytes, "
                + $"{(long)(epochs + 3) * utterances} utterances in {evaluations.Length} bytes."
        );
    }

    // A utterance of the noisy sides and one that was evaluated, to take the metrics' names and sizes from.
    private static (UtteranceEvaluation Noisy, UtteranceEvaluation Scored) Utterances(RunRecord shape) =>
        (shape.Evaluations.First(e => e.Epoch == 0), shape.Evaluations.First(e => e.Epoch > 0));

    private static StepTelemetry Step(RunRecord shape, RunConfig config, int epoch, int batch, int stepsPerEpoch, double progress, int seed)
    {
        var step = ((long)(epoch - 1) * stepsPerEpoch) + batch + 1;
        var random = Draw(seed, step);
        var like = shape.Steps[(int)(step % shape.Steps.Count)];
        double Near(double? value) => (value ?? 0) * (0.9 + (0.2 * random.NextDouble()));
        var count = like.Samples!.Count;
        SampleScore[] samples =
        [
            .. Enumerable.Range(0, count).Select(i => Sample(like, step, (batch * count) + i, epoch, i, progress, random)),
        ];
        var fall = 1 - (0.7 * progress);
        var weights = config.Loss.Weights;
        double ri = Near(0.9 * fall),
            magnitude = Near(0.2 * fall),
            time = Near(0.4 * fall),
            gan = samples.Average(s => Square(1 - s.Discriminator!.Value)) * (0.98 + (0.04 * random.NextDouble()));
        var rate = Math.Pow(config.Optimizer.DecayFactor, (epoch - 1) / config.Optimizer.DecayEpochs);
        return like with
        {
            Epoch = epoch,
            Step = step,
            Batch = batch,
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
            GradientNorm = new GradientNorms
            {
                Ri = Near(like.GradientNorm!.Ri),
                Magnitude = Near(like.GradientNorm.Magnitude),
                Time = Near(like.GradientNorm.Time),
                Gan = Near(like.GradientNorm.Gan),
                Generator = Near(like.GradientNorm.Generator),
                Discriminator = Near(like.GradientNorm.Discriminator),
            },
            GeneratorUpdate = Moved(like.GeneratorUpdate!, config.Optimizer.GeneratorLearningRate * rate, step, random),
            DiscriminatorUpdate = Moved(like.DiscriminatorUpdate!, config.Optimizer.DiscriminatorLearningRate * rate, step, random),
            Samples = samples,
            Seconds = like.Seconds! with { Forward = Near(like.Seconds.Forward), Backward = Near(like.Seconds.Backward) },
        };
    }

    private static WeightUpdate Moved(WeightUpdate like, double rate, long step, Random random) =>
        like with
        {
            Norm = rate * Math.Sqrt(like.Parameters) * (0.2 + (0.2 * random.NextDouble())),
            Rate = rate,
            ChangedBefore = step == 1 ? null : false,
            Digest = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture),
        };

    // Each epoch goes through the corpus in an order of its own.
    private static SampleScore Sample(StepTelemetry like, long step, int place, int epoch, int at, double progress, Random random)
    {
        var pesq = 1.2 + (1.6 * progress) + (0.8 * random.NextDouble());
        var target = (pesq - 1) / EpochSummary.PesqRange;
        var shape = like.Samples![at];
        var utterance = (int)(((long)place * 7919 + ((long)epoch * 104_729)) % TrainingUtterances);
        return shape with
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"p{226 + (utterance / 414)}_{utterance % 414:D3}"),
            Pesq = (float)pesq,
            Masked = null,
            Target = ((float)pesq - 1) / EpochSummary.PesqRange,
            Discriminator = (float)Math.Clamp(target + (0.1 * (random.NextDouble() - 0.5)), 0.01, 0.99),
            DiscriminatorOfClean = (float)(0.85 + (0.14 * random.NextDouble())),
            Start = random.Next(48_000),
            Input = step <= 200 || step % 8 == 0 ? shape.Input : null,
        };
    }

    private static List<UtteranceEvaluation> Evaluated(
        UtteranceEvaluation like,
        string split,
        int epoch,
        int utterances,
        double progress,
        int seed
    ) =>
        [
            .. Enumerable
                .Range(0, utterances)
                .Select(i =>
                {
                    var random = Draw(seed, ((split == RecordName.Test ? 1L : 0) << 62) + ((long)epoch << 32) + i);
                    return like with
                    {
                        Epoch = epoch,
                        Split = split,
                        Name = string.Create(CultureInfo.InvariantCulture, $"p{(split == RecordName.Test ? 232 : 287)}_{i:D3}"),
                        CutStart = 100 * i,
                        Metrics = like.Metrics.ToDictionary(
                            m => m.Key,
                            m =>
                                m.Key is RecordName.Pesq or "noisy_" + RecordName.Pesq
                                    ? (double)(float)(1.3 + (i % 40 / 40.0) + progress + (0.05 * random.NextDouble()))
                                    : m.Value * (0.9 + (0.2 * random.NextDouble()))
                        ),
                    };
                }),
        ];

    private static EpochTelemetry Epoch(
        RunRecord shape,
        RunConfig config,
        int epoch,
        StepTelemetry[] steps,
        List<UtteranceEvaluation> validated,
        (int Epoch, double Pesq) best
    )
    {
        var like = shape.Epochs[^1];
        var rate = Math.Pow(config.Optimizer.DecayFactor, (epoch - 1) / config.Optimizer.DecayEpochs);
        return EpochSummary.Of(epoch, steps) with
        {
            BatchesPlanned = steps.Length,
            GeneratorLearningRate = config.Optimizer.GeneratorLearningRate * rate,
            DiscriminatorLearningRate = config.Optimizer.DiscriminatorLearningRate * rate,
            Validation = like.Validation! with
            {
                Utterances = validated.Count,
                Mean = validated[0].Metrics.Keys.ToDictionary(m => m, m => validated.Average(e => e.Metrics[m])),
            },
            BestEpoch = best.Epoch,
            BestPesq = best.Pesq,
            ModeLoss = like.ModeLoss,
            ParameterDigest = like.ParameterDigest,
            Seconds = like.Seconds,
        };
    }

    // The hash of the runtime differs from process to process.
    private static Random Draw(int seed, long of) => new((int)(unchecked((of * 6364136223846793005) + (seed * 1442695040888963407)) >> 33));

    private static double Square(double x) => x * x;
}
