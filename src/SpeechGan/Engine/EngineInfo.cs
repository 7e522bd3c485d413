using System.Reflection;

namespace SpeechGan.Engine;

/// <summary>What stands behind the tensor API here: the TorchSharp package and the libtorch it brings.</summary>
public static class EngineInfo
{
    /// <summary>Which engine this build uses.</summary>
    public const string Name = "nuget";

    /// <summary>The version of the TorchSharp package, which fixes libtorch's.</summary>
    public static string Libtorch => "TorchSharp " + typeof(TorchSharp.torch).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>Not visible from here.</summary>
    public static string? Blas => null;

    /// <summary>Not visible from here.</summary>
    public static string? Kernels => null;
}
