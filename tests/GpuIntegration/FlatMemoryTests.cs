using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// Memory over many steps: 30 on the CPU, 1 000 on a GPU. TorchSharp has no counter of device memory: on a GPU the driver is asked what is free, for the
/// whole device, so nobody else may use it meanwhile; on the CPU the resident set of this process counts.
/// </summary>
internal sealed class FlatMemoryTests
{
    // Steps after which caches are full: buffers of libtorch's allocator, cuDNN's workspaces, compiled methods.
    private const int WarmUp = 10;

    // A graph that is kept costs tens of MiB a step at this size. The rest is room for the runtime's own heap.
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
        var after = Tensor.TotalCount;  // before anything is collected: a tensor that is left to the collector is a leak, too
        var grown = InUse(device) - bytes;
        TestContext.Out.WriteLine($"{device}: {steps} steps, {tensors} live tensors, {bytes >> 20} MiB in use, grown by {grown / 1024.0:F0} KiB");
        after.Should().Be(tensors);
        grown.Should().BeLessThan(Allowed, "that many bytes in {0} steps are a leak", steps);
    }

    private static long InUse(string device)
    {
        SmallStep.Settle();
        return device != "cpu" ? CudaDriver.BytesInUse() : Environment.WorkingSet;
    }
}
