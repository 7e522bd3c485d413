using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Losses;
using SpeechGan.Metrics;
using SpeechGan.Models;
using SpeechGan.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// Identities that hold in every sound trainer, checked on real data before the first step. They cost one batch and need no
/// training: estimate := clean makes every reconstruction term 0 and PESQ the highest there is; estimate := noisy scores like the
/// noisy signal; gain does not move PESQ. A scale fault or a leak of the labels fails here at once.
/// </summary>
public sealed class ReconstructionChecks
{
    // Limits, with the largest distances on 384 cuts of 0.5 and 2 s of the bundled corpus (float32) beside them; the test
    // Every_check_holds_on_every_training_pair_of_the_bundled_corpus prints them.
    private const double ZeroSpectrum = 1e-12; // 0: the same tensors
    private const double ZeroSignal = 1e-5; // 1.0e-7: rounding of the inverse transform; a scale fault gives 0.1 and more
    private const double PesqOfRoundTrip = 2e-3; // 2.7e-4: that rounding, heard by PESQ on cuts of 0.5 s (4.6e-5 on 2 s)
    private const double PesqUnderGain = 2e-4; // 0: see Gain
    private const float Gain = 0.125f;
    private const double Leak = 0; // 0: the same arithmetic on the same noisy signal

    // 7.9e-5 of the estimate's root mean square: rounding (ReconstructionTests prints it, and what batch statistics give)
    private const double AloneAndInBatch = 1e-2;

    private readonly Networks networks;
    private readonly RunConfig config;
    private readonly FaultPoints faults;

    /// <summary>Makes them for a run; the networks lend device, number type and front end and are not run.</summary>
    public ReconstructionChecks(Networks networks, RunConfig config)
        : this(networks, config, FaultPoints.None) { }

    internal ReconstructionChecks(Networks networks, RunConfig config, FaultPoints faults)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(config);
        (this.networks, this.config, this.faults) = (networks, config, faults);
    }

    /// <summary>Checks every identity on a batch.</summary>
    /// <param name="batch">Cuts as loaded, best ones with speech in them.</param>
    public IReadOnlyList<ReconstructionCheck> Run(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        long[] shape = [batch.BatchSize, batch.Samples];
        Tensor clean = tensor(batch.Clean, shape, dtype: networks.Type, device: networks.Device);
        Tensor noisy = tensor(batch.Noisy, shape, dtype: networks.Type, device: networks.Device);
        var factor = Spectrum.NormalisationFactor(noisy);
        var target = networks.Spectrum.Compressed(clean * factor);
        Tensor real = target.narrow(1, 0, 1),
            imaginary = target.narrow(1, 1, 1);
        var magnitude = Spectrum.Magnitude(real, imaginary);
        var signal = networks.Spectrum.Signal(real, imaginary);
        var reference = config.Loss.TimeReference == TimeReference.Raw ? clean : clean * factor;

        var noisySpectrum = networks.Spectrum.Compressed(noisy * factor);
        var noisySignal = networks.Spectrum.Signal(noisySpectrum.narrow(1, 0, 1), noisySpectrum.narrow(1, 1, 1));
        return
        [
            Zero("estimate-is-clean/ri", RealImaginaryLoss.Of(real, imaginary, real, imaginary), ZeroSpectrum),
            Zero("estimate-is-clean/magnitude", MagnitudeLoss.Of(magnitude, magnitude), ZeroSpectrum),
            Zero("estimate-is-clean/time", TimeLoss.Of(signal, reference), ZeroSignal),
            Pesq("estimate-is-clean/pesq", clean, signal, (_, _) => MetricResult.Of(Metrics.Pesq.HighestWideBand), PesqOfRoundTrip),
            Pesq("estimate-is-noisy/pesq", clean, noisySignal, (c, i) => Of(c, Row(noisy, i)), PesqOfRoundTrip),
            Pesq(
                "gain-leaves-pesq",
                clean,
                BelowPeak(noisySignal, clean) * Gain,
                (c, i) => Of(c, Row(BelowPeak(noisySignal, clean), i)),
                PesqUnderGain
            ),
        ];
    }

    /// <summary>
    /// What only the generator can show: its estimate hears nothing of the clean side, and a sample's is the same alone and in its batch.
    /// No weight, buffer or random number is touched. They count as made before epoch 1, apart from <see cref="Run"/>'s, which need no
    /// network.
    /// </summary>
    /// <param name="batch">Cuts as loaded.</param>
    public IReadOnlyList<ReconstructionCheck> RunGenerator(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var training = networks.Generator.training;
        networks.Generator.train(false);
        try
        {
            var pass = new GeneratorPass(networks, config.Loss, faults);
            long[] shape = [batch.BatchSize, batch.Samples];
            Tensor clean = tensor(batch.Clean, shape, dtype: networks.Type, device: networks.Device);
            Tensor noisy = tensor(batch.Noisy, shape, dtype: networks.Type, device: networks.Device);
            var (estimate, signal) = Estimate(clean, noisy);
            var (other, otherSignal) = Estimate(clean.flip(-1), noisy);
            var (alone, _) = Estimate(clean.narrow(0, 0, 1), noisy.narrow(0, 0, 1));
            var first = estimate.narrow(0, 0, 1);
            var size = first.square().mean().sqrt().ToDouble();
            return
            [
                Small("clean-reversed/estimate", (estimate - other).abs().max().ToDouble(), Leak),
                Small("clean-reversed/signal", (signal - otherSignal).abs().max().ToDouble(), Leak),
                Small("alone-and-in-batch/estimate", size > 0 ? (first - alone).abs().max().ToDouble() / size : 0, AloneAndInBatch),
            ];

            (Tensor Estimate, Tensor Signal) Estimate(Tensor c, Tensor n)
            {
                var made = pass.Forward(c, n);
                return (cat([made.Real, made.Imaginary], 1), pass.Signal(made, made.Real, made.Imaginary));
            }
        }
        finally
        {
            networks.Generator.train(training);
        }
    }

    private static ReconstructionCheck Small(string name, double observed, double allowed) =>
        double.IsFinite(observed)
            ? new()
            {
                Epoch = 1,
                Name = name,
                Observed = observed,
                Expected = 0,
                Allowed = allowed,
            }
            : new()
            {
                Epoch = 1,
                Name = name,
                Expected = 0,
                Allowed = allowed,
                Unavailable = Absence.Of("observed", "the estimate is not finite"),
            };

    private static ReconstructionCheck Zero(string name, Tensor loss, double allowed) =>
        new()
        {
            Epoch = 0,
            Name = name,
            Observed = loss.ToDouble(),
            Expected = 0,
            Allowed = allowed,
        };

    /// <summary>The first sample that can be scored stands for the batch; the expectation is of the same sample.</summary>
    private static ReconstructionCheck Pesq(
        string name,
        Tensor clean,
        Tensor estimate,
        Func<float[], int, MetricResult> expectation,
        double allowed
    )
    {
        var reasons = new List<string>();
        for (var i = 0; i < estimate.shape[0]; i++)
        {
            var enhanced = Row(estimate, i);
            var reference = Row(clean, i)[..enhanced.Length];
            var found = Of(reference, enhanced);
            var expected = expectation(reference, i);
            if (found.TryGet(out var observed) && expected.TryGet(out var wanted))
                return new ReconstructionCheck
                {
                    Epoch = 0,
                    Name = name,
                    Observed = observed,
                    Expected = wanted,
                    Allowed = allowed,
                };
            reasons.Add(found.HasValue ? expected.Sentence : found.Sentence);
        }
        return new ReconstructionCheck
        {
            Epoch = 0,
            Name = name,
            Expected = Metrics.Pesq.HighestWideBand,
            Allowed = allowed,
            Unavailable = Absence.Of("observed", $"no sample of the batch could be scored: {string.Join(" ", reasons)}"),
        };
    }

    /// <summary>
    /// Each signal lowered by a power of two until it peaks below its clean one. PESQ divides by the common peak before it rounds to
    /// float32, so only then does a further gain (a power of two as well) leave every bit of what it compares.
    /// </summary>
    private static Tensor BelowPeak(Tensor signals, Tensor clean)
    {
        using var scope = NewDisposeScope();
        var scaled = new List<Tensor>();
        for (var i = 0; i < signals.shape[0]; i++)
        {
            double peak = signals[i].abs().max().ToDouble(),
                allowed = clean[i].abs().max().ToDouble(),
                factor = 1;
            while (peak * factor > allowed && allowed > 0)
                factor /= 2;
            scaled.Add(signals[i] * factor);
        }
        return stack(scaled).MoveToOuterDisposeScope();
    }

    private static MetricResult Of(float[] clean, float[] enhanced) =>
        Metrics.Pesq.Score(clean, enhanced.AsSpan(0, Math.Min(enhanced.Length, clean.Length)), Spectrum.SampleRate, PesqMode.WideBand);

    private static float[] Row(Tensor signals, int index)
    {
        using var scope = NewDisposeScope();
        return signals[index].to(float32).cpu().contiguous().data<float>().ToArray();
    }
}
