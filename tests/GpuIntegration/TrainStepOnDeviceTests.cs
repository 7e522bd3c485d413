using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Dsp;
using SpeechGan.Runs;
using SpeechGan.Training;
using TorchSharp;
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
    // ten times that for sums in another order. TF32 is off by default for convolutions' parity.
    private const double LossLimit = 1e-5;
    private const double DiscriminatorLimit = 1e-3;  // dropout draws other numbers on another device: compared without it

    private static IEnumerable<TestCaseData> Devices =>
        [new TestCaseData("cpu"), new TestCaseData("cuda").SetCategory("Gpu")];

    [TestCaseSource(nameof(Devices))]
    public void One_training_step_agrees_with_the_cpu(string device)
    {
        RequireDevice(device);
        var here = Step(device);
        var reference = Step("cpu");
        Relative(here.Loss.Total!.Value, reference.Loss.Total!.Value).Should().BeLessThan(LossLimit);
        Relative(here.Loss.Gan!.Value, reference.Loss.Gan!.Value).Should().BeLessThan(LossLimit);
        Relative(here.DiscriminatorLoss!.Value, reference.DiscriminatorLoss!.Value).Should().BeLessThan(DiscriminatorLimit);
        here.Scored.Should().Be(reference.Scored);
    }

    [TestCaseSource(nameof(Devices))]
    public void Live_tensors_stay_constant_over_steps(string device)
    {
        RequireDevice(device);
        var config = Config(device);
        using var networks = new Networks(config);
        var step = new TrainStep(networks, config);
        var batch = Noise(config);
        step.Run(batch, 1, 1);
        step.Run(batch, 1, 2);
        var after = Tensor.TotalCount;
        for (var k = 3; k <= 12; k++)
            step.Run(batch, 1, k);
        Tensor.TotalCount.Should().Be(after);
    }

    private static void RequireDevice(string device)
    {
        try
        {
            get_num_threads();
        }
        catch (DllNotFoundException e)
        {
            Assert.Ignore(e.Message);
        }
        if (device != "cpu" && !cuda.is_available())
            Assert.Ignore("no CUDA device that libtorch can use; on a machine with one: dotnet test tests/GpuIntegration --filter TestCategory=Gpu");
    }

    private static StepTelemetry Step(string device)
    {
        var config = Config(device);
        using var networks = new Networks(config);
        return new TrainStep(networks, config).Run(Noise(config), 1, 1);
    }

    private static RunConfig Config(string device) => new()
    {
        Data = new DataConfig { TrainCutSeconds = 0.5, BatchSize = 2 },
        Model = new ModelConfig { Channels = 8, Blocks = 1, Dropout = 0 },
        Discriminator = new DiscriminatorConfig { Features = 4, Dropout = 0 },
        Train = new TrainConfig { Device = device },
    };

    /// <summary>Half a second of a tone that swells, and the same in noise: all from counters.</summary>
    private static Batch Noise(RunConfig config)
    {
        int size = config.Data.BatchSize, samples = config.TrainCutSamples;
        float[] clean = new float[size * samples], noisy = new float[size * samples];
        for (var i = 0; i < clean.Length; i++)
        {
            var t = i % samples / 16_000.0;
            clean[i] = (float)(0.3 * Math.Sin(2 * Math.PI * 440 * t) * Math.Sin(2 * Math.PI * 3 * t));
            noisy[i] = clean[i] + (float)(0.05 * ((2 * CounterRandom.Double(1, CounterRandom.Stream("gpu-test"), 0, i)) - 1));
        }
        return new Batch
        {
            Clean = clean,
            Noisy = noisy,
            BatchSize = size,
            Samples = samples,
            Names = ["tone-1", "tone-2"],
            Starts = [0, 0],
            MixedIn = [false, false],
            SilentClean = [false, false],
            SilentNoisy = [false, false],
            Epoch = 1,
            IndexInEpoch = 0,
        };
    }

    private static double Relative(double value, double expected) => Math.Abs(value - expected) / Math.Abs(expected);
}
