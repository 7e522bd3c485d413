using TorchSharp;

namespace SpeechGan.Engine;

/// <summary>What stands behind the tensor API here: src/TorchSharp.System over the machine's libtorch.</summary>
public static class EngineInfo
{
    /// <summary>Which engine this build uses.</summary>
    public const string Name = "system";

    /// <summary>libtorch's version.</summary>
    public static string Libtorch => NativeInfo.Version;

    /// <summary>The BLAS library that was loaded, as its file name tells; null where it cannot be seen.</summary>
    public static string? Blas => NativeInfo.Blas;

    /// <summary>The kernels that libtorch and the BLAS chose here; null where they do not say. They change result bits.</summary>
    public static string? Kernels => string.Join("; ", new[] { NativeInfo.CpuCapability, NativeInfo.BlasKernels, "fused " + Fused.Kernels }.OfType<string>()) is { Length: > 0 } kernels ? kernels : null;
}
