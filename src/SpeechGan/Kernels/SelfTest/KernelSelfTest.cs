using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Models;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>
/// Before a process computes: every operator and kernel that the configured networks use is held against float64. What is wrong is switched
/// off, as long as another way is right: first oneDNN, then the fused kernels, then both.
/// </summary>
public static class KernelSelfTest
{
    /// <summary>Tests and decides. Deterministic, and the default random generator is left as it was.</summary>
    /// <param name="config">The run.</param>
    /// <param name="purpose">What the networks are made for.</param>
    /// <exception cref="EngineException">The device is not there.</exception>
    /// <exception cref="KernelException">No way is right.</exception>
    public static TestedKernels Run(RunConfig config, TestPurpose purpose) => Run(config, purpose, NetworkKernels.For);

    /// <summary>The same with the caller's kernels.</summary>
    /// <param name="config">The run.</param>
    /// <param name="purpose">What the networks are made for.</param>
    /// <param name="kernels">Makes the kernels of a choice.</param>
    /// <param name="paths">libtorch's switches; null: those of the libtorch in use.</param>
    internal static TestedKernels Run(
        RunConfig config,
        TestPurpose purpose,
        Func<KernelChoice, INetworkKernels> kernels,
        LibraryPaths? paths = null
    )
    {
        ArgumentNullException.ThrowIfNull(config);
        TensorDevice.Require(config.Train.Device);
        var on = device(config.Train.Device);
        using var random = new KeptRandomState();
        return new SelfTestRun(config, purpose, on, kernels, paths ?? LibraryPaths.OfLibtorch()).Decide();
    }
}
