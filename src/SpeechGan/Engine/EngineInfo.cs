using System.Reflection;

namespace SpeechGan.Engine;

/// <summary>What stands behind the tensor API here.</summary>
public static class EngineInfo
{
    /// <summary>TorchSharp with its version.</summary>
    public static string Name { get; } =
        "TorchSharp "
        + typeof(TorchSharp.torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    /// <summary>libtorch's own version, with CUDA's where it was built for it.</summary>
    /// <exception cref="EngineException">It cannot be had.</exception>
    public static string Libtorch =>
        Engine.Libtorch.Require() is { Cuda: { } cuda } with ? $"{with.Version} with CUDA {cuda}" : Engine.Libtorch.Require().Version;

    /// <summary>The library behind matrix products; null where libtorch does not say.</summary>
    public static string? Blas => Engine.Libtorch.Require().Blas;

    /// <summary>The instruction set whose kernels libtorch chose; null where it does not say.</summary>
    public static string? Kernels => Engine.Libtorch.Require().CpuCapability;
}
