using System.Security.Cryptography;
using SpeechGan.Runs;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// The same seed twice on one device. What is promised: on the CPU the bits of every weight after three steps with dropout; on a GPU the
/// bits of the estimate in evaluation mode, and the first step's losses to rounding. Backward kernels of CUDA that add with atomics (the
/// padding of the short-time transform, pooling) sum in no fixed order, and TorchSharp has no switch for deterministic algorithms: whether
/// the bits are equal is reported.
/// </summary>
internal sealed class DeterminismTests
{
    private const double RoundingLimit = 1e-5; // as TrainStepOnDeviceTests: sums in another order

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void The_same_steps_twice_give_the_same(string device)
    {
        Devices.Require(device);
        var (first, again) = (Steps(device), Steps(device));
        TestContext.Out.WriteLine(
            $"{device}: weights after three steps are {(first.Weights == again.Weights ? "equal to the bit" : "NOT equal to the bit")}"
        );
        again.Loss.Total!.Value.Should().BeApproximately(first.Loss.Total!.Value, RoundingLimit * first.Loss.Total.Value);
        if (device == "cpu")
            again.Weights.Should().Be(first.Weights);
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void The_same_estimate_twice_has_the_same_bits(string device)
    {
        Devices.Require(device);
        Estimate(device).Should().Equal(Estimate(device));
    }

    private static (LossTerms Loss, string Weights) Steps(string device)
    {
        var config = SmallStep.Config(device);
        config = config with { Model = config.Model with { Dropout = 0.2 }, Discriminator = config.Discriminator with { Dropout = 0.3 } };
        using var networks = new Networks(config);
        var step = new TrainStep(networks, config);
        var first = step.Run(SmallStep.Noise(config), 1, 1);
        for (var k = 2; k <= 3; k++)
            step.Run(SmallStep.Noise(config), 1, k);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var entry in StateDict
                .Of(networks.Generator)
                .Concat(StateDict.Of(networks.Discriminator!))
                .OrderBy(e => e.Key, StringComparer.Ordinal)
        )
            hash.AppendData(entry.Value.Bytes.Span);
        return (first.Loss, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static float[] Estimate(string device)
    {
        var config = SmallStep.Config(device);
        using var networks = new Networks(config);
        networks.Train(false);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var batch = SmallStep.Noise(config);
        var noisy = tensor(batch.Noisy, [batch.BatchSize, batch.Samples], device: networks.Device);
        var estimate = new GeneratorPass(networks, config.Loss).Forward(noisy, noisy);
        return networks.Spectrum.Signal(estimate.Real, estimate.Imaginary).cpu().contiguous().data<float>().ToArray();
    }
}
