using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Training;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>Steps per second, reported and not judged: on a GPU with the published sizes (preset cmgan: 64 channels, batches of four cuts
/// of two seconds), on the CPU small.</summary>
internal sealed class ThroughputTests
{
    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void Steps_per_second_are_reported(string device)
    {
        Devices.Require(device);
        var (warmUp, steps) = device == "cpu" ? (1, 3) : (5, 50);
        var config = device == "cpu" ? SmallStep.Config(device) : new RunConfig { Train = new TrainConfig { Device = device } };
        using var networks = new Networks(config);
        var step = new TrainStep(networks, config);
        var batch = SmallStep.Noise(config);
        for (var k = 1; k <= warmUp; k++)
            step.Run(batch, 1, k);
        double pesq = 0,
            seconds = 0;
        for (var k = warmUp + 1; k <= warmUp + steps; k++)
        {
            var telemetry = step.Run(batch, 1, k);
            telemetry.DiscriminatorStepped.Should().BeTrue("a step without the discriminator is no whole step");
            // As the record has it: every step reads losses and weights' gradients back, which waits for the device.
            pesq += telemetry.Seconds!.Pesq!.Value;
            seconds += telemetry.Seconds.Total!.Value;
        }
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(device == "cpu" ? "cpu, small" : CudaDriver.Model() + ", preset cmgan")}: {steps / seconds:F2} steps per second "
                    + $"({steps} steps, {seconds:F2} s; PESQ beside them {pesq:F2} s), TF32 off"
            )
        );
    }
}
