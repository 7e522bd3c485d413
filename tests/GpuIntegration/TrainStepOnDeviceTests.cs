using SpeechGan.Runs;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// The training step on a GPU against the CPU's. Each fact also runs with the device `cpu`, so that the code is proven where no
/// GPU is; the GPU cases are skipped by name there. To run them: `dotnet test tests/GpuIntegration --filter TestCategory=Gpu` on
/// a machine whose libtorch sees a GPU.
/// </summary>
internal sealed class TrainStepOnDeviceTests
{
    // Float32 on other kernels: the reference's own distance between float32 and float64 after one step is 3e-7 (losses);
    // ten times that for sums in another order. EngineSetUp switches TF32 off.
    private const double LossLimit = 1e-5;
    private const double DiscriminatorLimit = 1e-3; // dropout draws other numbers on another device: compared without it

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void One_training_step_agrees_with_the_cpu(string device)
    {
        Devices.Require(device);
        var here = Step(device);
        var reference = Step("cpu");
        Relative(here.Loss.Total!.Value, reference.Loss.Total!.Value).Should().BeLessThan(LossLimit);
        Relative(here.Loss.Gan!.Value, reference.Loss.Gan!.Value).Should().BeLessThan(LossLimit);
        Relative(here.DiscriminatorLoss!.Value, reference.DiscriminatorLoss!.Value).Should().BeLessThan(DiscriminatorLimit);
        here.Scored.Should().Be(reference.Scored);
    }

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void Live_tensors_stay_constant_over_steps(string device)
    {
        Devices.Require(device);
        var config = SmallStep.Config(device);
        using var networks = new Networks(config);
        var step = new TrainStep(networks, config);
        var batch = SmallStep.Noise(config);
        step.Run(batch, 1, 1);
        step.Run(batch, 1, 2);
        SmallStep.Settle();
        var after = Tensor.TotalCount;
        for (var k = 3; k <= 12; k++)
            step.Run(batch, 1, k);
        Tensor.TotalCount.Should().Be(after);
    }

    private static StepTelemetry Step(string device)
    {
        var config = SmallStep.Config(device);
        using var networks = new Networks(config);
        return new TrainStep(networks, config).Run(SmallStep.Noise(config), 1, 1);
    }

    private static double Relative(double value, double expected) => Math.Abs(value - expected) / Math.Abs(expected);
}
