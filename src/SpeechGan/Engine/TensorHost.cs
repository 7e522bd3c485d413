using SpeechGan.Kernels;
using SpeechGan.Runs;

namespace SpeechGan.Engine;

/// <summary>The fingerprint of this machine with all that decides tensor results' bits.</summary>
public static class TensorHost
{
    /// <summary>
    /// Machine, TorchSharp, libtorch with the kernels it chose, its BLAS, threads and device. Another engine is another host.
    /// </summary>
    /// <param name="config">The run; null where no tensor is used yet.</param>
    /// <exception cref="EngineException">The engine cannot be had.</exception>
    public static HostFingerprint Fingerprint(RunConfig? config) =>
        HostFingerprint.Of(
            $"{EngineInfo.Libtorch} ({(EngineInfo.Kernels is { } kernels ? kernels + ", " : "")}{EngineInfo.Name}; fused kernels "
                + $"{VectorWidths.Best.Name()})",
            EngineInfo.Blas,
            config?.Train.Threads,
            config?.Train.Device
        );
}
