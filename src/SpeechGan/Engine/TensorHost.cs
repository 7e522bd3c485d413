using SpeechGan.Runs;

namespace SpeechGan.Engine;

/// <summary>The fingerprint of this machine with all that decides tensor results' bits.</summary>
public static class TensorHost
{
    /// <summary>Machine, libtorch with the kernels it chose, BLAS with its own, threads and device.</summary>
    /// <param name="config">The run; null where no tensor is used yet.</param>
    public static HostFingerprint Fingerprint(RunConfig? config) => HostFingerprint.Of(
        EngineInfo.Libtorch + (EngineInfo.Kernels is { } kernels ? $" ({kernels})" : ""),
        EngineInfo.Blas is { } blas ? Path.GetFileName(blas) : null,
        config?.Train.Threads,
        config?.Train.Device);
}
