using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Metrics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Training.Checks;

/// <summary>
/// The losses and gradients of one training step, written a second time from the paper's formulas. It shares the networks' forward passes
/// and PESQ with the trainer and nothing else: not its front end, its loss terms, its targets or its order of differentiation. What the
/// trainer's own step is held against.
/// </summary>
/// <remarks>Cao, Abdulatif and Yang, "CMGAN", 2022, sections 2.1 to 2.3, equations 4 to 7; Fu et al., "MetricGAN", 2019.</remarks>
/// <param name="networks">Without dropout, in training mode; its buffers move as in a step.</param>
/// <param name="config">The run's knobs: weights of the terms, time reference, failure policy.</param>
internal sealed class ReferenceStep(Networks networks, RunConfig config)
{
    private readonly ReferenceFrontEnd front = new(networks.Type, networks.Device);

    /// <summary>Computes it; no weight moves.</summary>
    /// <param name="batch">Cuts as loaded.</param>
    /// <param name="taught">Targets that the discriminator's loss is computed with; null, or without any: its own.</param>
    public Outcome Take(Batch batch, double?[]? taught = null)
    {
        using var scope = NewDisposeScope();
        long[] shape = [batch.BatchSize, batch.Samples];
        Tensor clean = tensor(batch.Clean, shape, dtype: networks.Type, device: networks.Device);
        Tensor noisy = tensor(batch.Noisy, shape, dtype: networks.Type, device: networks.Device);
        var power = noisy.square().mean(dimensions: [1], keepdim: true);
        var factor = where(power > 0, power.rsqrt(), ones_like(power)); // unit power: section 2.1
        var (cleanReal, cleanImaginary) = front.Analyse(clean * factor);
        var (noisyReal, noisyImaginary) = front.Analyse(noisy * factor);
        var (real, imaginary) = networks.Generator.call(stack([noisyReal, noisyImaginary], 1).transpose(2, 3));
        (real, imaginary) = (real.squeeze(1).transpose(1, 2), imaginary.squeeze(1).transpose(1, 2)); // [batch, bins, frames]
        Tensor magnitude = ReferenceFrontEnd.Modulus(real, imaginary),
            cleanMagnitude = ReferenceFrontEnd.Modulus(cleanReal, cleanImaginary);
        var signal = front.Synthesise(real, imaginary);
        var reference = (config.Loss.TimeReference == TimeReference.Raw ? clean : clean * factor).narrow(1, 0, signal.shape[1]);

        // Equations 5 to 7.
        var ri = (real - cleanReal).square().mean() + (imaginary - cleanImaginary).square().mean();
        var inMagnitude = (magnitude - cleanMagnitude).square().mean();
        var time = (signal - reference).abs().mean();
        var gan = networks.Discriminator is { } judge
            ? (judge.call(cleanMagnitude.unsqueeze(1), magnitude.unsqueeze(1)) - 1).square().mean()
            : null;
        var weights = config.Loss.Weights;
        var total = (weights.Ri * ri) + (weights.Magnitude * inMagnitude) + (weights.Time * time);
        if (gan is not null)
            total += weights.Gan * gan;
        var outcome = new Outcome
        {
            Ri = ri.ToDouble(),
            Magnitude = inMagnitude.ToDouble(),
            Time = time.ToDouble(),
            Gan = gan?.ToDouble(),
            Total = total.ToDouble(),
            GeneratorGradient = Gradient(total, networks.Generator.parameters()),
        };
        networks.Generator.EndBackward();
        networks.Discriminator?.EndBackward();
        return networks.Discriminator is null
            ? outcome
            : Teach(outcome, taught, clean * factor, signal.detach(), cleanMagnitude.unsqueeze(1), magnitude.detach().unsqueeze(1));
    }

    // MetricGAN: D(clean, estimate) is taught PESQ's place between 1 and 4.5, D(clean, clean) is taught 1.
    private Outcome Teach(Outcome outcome, double?[]? taught, Tensor clean, Tensor signal, Tensor cleanMagnitude, Tensor magnitude)
    {
        var scores = Scores(clean, signal);
        var own = Targets(scores);
        if (own.All(t => t is null))
            return outcome with { Pesq = scores };
        var targets = taught is not null && taught.Length == own.Length && taught.Any(t => t is not null) ? taught : own;
        var used = targets.Count(t => t is not null);
        var discriminator = networks.Discriminator!;
        long[] column = [targets.Length, 1];
        var target = tensor(targets.Select(t => t ?? 0).ToArray(), column, dtype: networks.Type, device: networks.Device);
        var mask = tensor(targets.Select(t => t is null ? 0.0 : 1.0).ToArray(), column, dtype: networks.Type, device: networks.Device);
        Tensor ofEstimate = discriminator.call(cleanMagnitude, magnitude),
            ofClean = discriminator.call(cleanMagnitude, cleanMagnitude);
        var errorOfClean = (1 - ofClean).square();
        var loss =
            ((target - ofEstimate).square() * mask).sum().div(used)
            + (config.Metric.MaskedTerms == MaskedTerms.Both ? (errorOfClean * mask).sum().div(used) : errorOfClean.mean());
        var gradient = Gradient(loss, discriminator.parameters());
        discriminator.EndBackward();
        return outcome with
        {
            Pesq = scores,
            Targets = own,
            DiscriminatorLoss = loss.ToDouble(),
            OfEstimate = Values(ofEstimate),
            OfClean = Values(ofClean),
            DiscriminatorGradient = gradient,
        };
    }

    private double?[] Targets(double?[] scores)
    {
        static double Place(double pesq) => (pesq - 1) / 3.5;
        var known = scores.OfType<double>().ToList();
        return config.Metric.OnFailure switch
        {
            MetricFailurePolicy.BatchMean => [.. scores.Select(_ => known.Count == 0 ? (double?)null : Place(known.Average()))],
            MetricFailurePolicy.DropBatch when known.Count < scores.Length => new double?[scores.Length],
            _ => [.. scores.Select(s => s is { } pesq ? Place(pesq) : (double?)null)],
        };
    }

    private static double?[] Scores(Tensor clean, Tensor signal) =>
        [
            .. Enumerable
                .Range(0, (int)signal.shape[0])
                .Select(i =>
                    Pesq.Score(Row(clean, i).AsSpan(0, (int)signal.shape[1]), Row(signal, i), RunConfig.SampleRate, PesqMode.WideBand)
                        .TryGet(out var pesq)
                        ? pesq
                        : (double?)null
                ),
        ];

    private static double[] Gradient(Tensor loss, IEnumerable<Parameter> parameters)
    {
        Parameter[] all = [.. parameters];
        foreach (var parameter in all)
            parameter.grad?.zero_();
        loss.backward();
        return Flat(all.Select(p => (p.grad, p.NumberOfElements)));
    }

    /// <summary>Tensors side by side, as doubles; zeros where there is none.</summary>
    internal static double[] Flat(IEnumerable<(Tensor? Values, long Count)> tensors)
    {
        using var scope = NewDisposeScope();
        return
        [
            .. tensors.SelectMany(t =>
                t.Values is { } values ? values.detach().to(float64).cpu().contiguous().data<double>().ToArray() : new double[t.Count]
            ),
        ];
    }

    private static double[] Values(Tensor said) => said.detach().to(float64).cpu().contiguous().data<double>().ToArray();

    private static float[] Row(Tensor signals, int index)
    {
        using var scope = NewDisposeScope();
        return signals[index].detach().to(float32).cpu().contiguous().data<float>().ToArray();
    }

    /// <summary>What a sound step measures on a batch.</summary>
    internal sealed record Outcome
    {
        public required double Ri { get; init; }
        public required double Magnitude { get; init; }
        public required double Time { get; init; }
        public double? Gan { get; init; }
        public required double Total { get; init; }
        public required double[] GeneratorGradient { get; init; }
        public double?[] Pesq { get; init; } = [];
        public double?[] Targets { get; init; } = [];
        public double? DiscriminatorLoss { get; init; }
        public double[] OfEstimate { get; init; } = [];
        public double[] OfClean { get; init; } = [];
        public double[] DiscriminatorGradient { get; init; } = [];
    }
}
