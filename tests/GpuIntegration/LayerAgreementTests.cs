using SpeechGan.Configuration;
using SpeechGan.Losses;
using SpeechGan.Models;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// Every stage of the forward pass, in training mode, on a device against the CPU's fused kernels. The case `cpu` computes with
/// `train.kernels=operators`, which is what a GPU runs.
/// </summary>
internal sealed class LayerAgreementTests
{
    // Sums in another order cannot be much further apart than float32 is from exact sums: the CPU's own distance between float32 and
    // float64, measured here, layer by layer, ten times over. The floor is 256
    // roundings, for a stage whose float32 result lies on the exact one by chance. In float64 the same errors spread the same way, 2^29
    // times as small.
    private const double Factor = 10,
        Floor = 1.0 / (1 << 16),
        Float64Share = 1.0 / (1 << 29);

    private static IEnumerable<TestCaseData> Cases() =>
        from device in new[] { "cpu", "cuda" }
        from precision in new[] { Precision.Float32, Precision.Float64 }
        select device == "cpu" ? new TestCaseData(device, precision) : new TestCaseData(device, precision).SetCategory("Gpu");

    [TestCaseSource(nameof(Cases))]
    public void Every_layer_and_loss_agrees_with_the_cpu(string device, Precision precision)
    {
        Devices.Require(device);
        var here = Stages(device, precision, KernelChoice.Operators);
        var exact = Stages("cpu", Precision.Float64, KernelChoice.Fused);
        var single = Stages("cpu", Precision.Float32, KernelChoice.Fused);
        var reference = precision == Precision.Float64 ? exact : single;
        here.Keys.Should().Equal(reference.Keys);
        Assert.Multiple(() =>
        {
            foreach (var name in here.Keys)
            {
                var limit =
                    Math.Max(Floor, Factor * Distance(single[name], exact[name])) * (precision == Precision.Float64 ? Float64Share : 1);
                var distance = Distance(here[name], reference[name]);
                TestContext.Out.WriteLine($"{name, -18} {distance:E1} of {limit:E1}");
                Assert.That(distance, Is.LessThanOrEqualTo(limit), $"{name} on {device} in {precision}");
            }
        });
    }

    /// <summary>Largest distance over the largest value; NaN where a value is NaN, which no limit allows.</summary>
    private static double Distance(double[] values, double[] expected)
    {
        values.Should().HaveSameCount(expected);
        return values.Zip(expected, (v, e) => Math.Abs(v - e)).Aggregate(0.0, Math.Max) / expected.Max(Math.Abs);
    }

    private static SortedDictionary<string, double[]> Stages(string device, Precision precision, KernelChoice kernels)
    {
        var config = SmallStep.Config(device);
        config = config with
        {
            Model = config.Model with { Blocks = 2 },
            Train = config.Train with { Precision = precision, Kernels = kernels },
        };
        using var networks = new Networks(config);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var batch = SmallStep.Noise(config);
        long[] shape = [batch.BatchSize, batch.Samples];
        Tensor clean = tensor(batch.Clean, shape, dtype: networks.Type, device: networks.Device),
            noisy = tensor(batch.Noisy, shape, dtype: networks.Type, device: networks.Device);
        var factor = Spectrum.NormalisationFactor(noisy);
        Tensor cleanNormal = clean * factor,
            cleanSpectrum = networks.Spectrum.Compressed(cleanNormal),
            noisySpectrum = networks.Spectrum.Compressed(noisy * factor);
        var stages = networks.Generator.Stages(noisySpectrum.transpose(2, 3));
        Tensor real = stages.Real.transpose(2, 3),
            imaginary = stages.Imaginary.transpose(2, 3);
        Tensor cleanReal = cleanSpectrum.narrow(1, 0, 1),
            cleanImaginary = cleanSpectrum.narrow(1, 1, 1);
        Tensor magnitude = Spectrum.Magnitude(real, imaginary),
            cleanMagnitude = Spectrum.Magnitude(cleanReal, cleanImaginary);
        var signal = networks.Spectrum.Signal(real, imaginary);
        // Each forward advances the power iteration: the same order everywhere.
        Tensor ofEstimate = networks.Discriminator!.call(cleanMagnitude, magnitude),
            ofClean = networks.Discriminator.call(cleanMagnitude, cleanMagnitude);
        var found = new SortedDictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["01 spectrum"] = noisySpectrum,
            ["02 encoder"] = stages.Encoded,
            ["04 mask decoder"] = stages.Mask,
            ["05 complex decoder"] = stages.Complex,
            ["06 estimate, real"] = real,
            ["07 estimate, imag."] = imaginary,
            ["08 signal"] = signal,
            ["09 discriminator"] = ofEstimate,
            ["10 D of clean"] = ofClean,
            ["11 RI loss"] = RealImaginaryLoss.Of(real, imaginary, cleanReal, cleanImaginary),
            ["12 magnitude loss"] = MagnitudeLoss.Of(magnitude, cleanMagnitude),
            ["13 time loss"] = TimeLoss.Of(signal, cleanNormal),
            ["14 GAN loss"] = AdversarialLoss.Of(ofEstimate),
            ["15 metric loss"] = MetricLoss.Of(ofEstimate, ofClean, full_like(ofEstimate, 0.4), ones_like(ofEstimate)),
        };
        for (var i = 0; i < stages.Blocks.Count; i++)
            found[$"03 block {i + 1}"] = stages.Blocks[i];
        return new SortedDictionary<string, double[]>(
            found.ToDictionary(f => f.Key, f => f.Value.to(float64).cpu().contiguous().data<double>().ToArray()),
            StringComparer.Ordinal
        );
    }
}
