using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// Memory over many steps: 30 on the CPU, 1 000 on a GPU. TorchSharp has no counter of device memory: on a GPU the driver is asked what is
/// free, for the whole device, so nobody else may use it meanwhile; on the CPU the resident set of this process counts.
/// </summary>
internal sealed class FlatMemoryTests
{
    // Steps after which caches are full: buffers of libtorch's allocator, cuDNN's workspaces, compiled methods. On the CPU the resident set
    // grows by about 20 MiB within the first forty steps and by no more in three hundred.
    private const int WarmUp = 60;

    // After the warm-up 30 steps on the CPU were measured to add 1 to 10 MiB (three runs): the runtime's heap and malloc's spare blocks,
    // three times over here. A leak of 1 MiB a step was planted in native memory, where no live tensor tells of it, and found. On a GPU it
    // is 32 KiB a step.
    private const long Allowed = 32L << 20;

    [TestCaseSource(typeof(Devices), nameof(Devices.All))]
    public void Memory_is_flat_over_many_steps(string device)
    {
        Devices.Require(device);
        var steps = device == "cpu" ? 30 : 1000;
        var config = SmallStep.Config(device);
        using var networks = new Networks(config);
        var step = new TrainStep(networks, config);
        var batch = SmallStep.Noise(config);
        for (var k = 1; k <= WarmUp; k++)
            step.Run(batch, 1, k);
        var bytes = InUse(device);
        var tensors = Tensor.TotalCount;
        for (var k = WarmUp + 1; k <= WarmUp + steps; k++)
            step.Run(batch, 1, k);
        var after = Tensor.TotalCount; // before anything is collected: a tensor that is left to the collector is a leak, too
        var grown = InUse(device) - bytes;
        TestContext.Out.WriteLine(
            $"{device}: {steps} steps, {tensors} live tensors, {bytes >> 20} MiB in use, grown by {grown / 1024.0:F0} KiB"
        );
        after.Should().Be(tensors);
        grown.Should().BeLessThan(Allowed, "that many bytes in {0} steps are a leak", steps);
    }

    private static long InUse(string device)
    {
        SmallStep.Settle();
        return device != "cpu" ? CudaDriver.BytesInUse() : Environment.WorkingSet;
    }
}
