using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace SpeechGan.Engine;

/// <summary>A libtorch in this process, and what it says of itself.</summary>
public sealed partial record LoadedLibtorch
{
    /// <summary>Where it is from; null where TorchSharp loads the packages' files from beside the program.</summary>
    public LibtorchPlace? Place { get; private init; }

    /// <summary>The folder of its libraries.</summary>
    public required string Folder { get; init; }

    /// <summary>Its version, by its own word where it can be asked, with the package's otherwise.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// The instruction set whose kernels it chose on this CPU (AVX512, AVX2, DEFAULT ...); null where it cannot be asked.
    /// </summary>
    public string? CpuCapability { get; private init; }

    /// <summary>The library behind its matrix products with its version; null where it does not say.</summary>
    public string? Blas { get; private init; }

    /// <summary>The CUDA version it was built with; null: a CPU build.</summary>
    public string? Cuda { get; private init; }

    /// <summary>The handle of libtorch_cpu, for exports that TorchSharp does not wrap; 0 where TorchSharp loaded it.</summary>
    internal nint Cpu { get; private init; }

    /// <summary>Where TorchSharp finds it itself.</summary>
    internal static LoadedLibtorch LeftToTorchSharp(string program, string version) =>
        new()
        {
            Folder = program,
            Version = version,
            Cuda = Directory.EnumerateFiles(program, "*torch_cuda*").Any() ? "of the package" : null,
        };

    /// <summary>Asks a libtorch that was loaded on Linux.</summary>
    internal static unsafe LoadedLibtorch From(LibtorchPlace place, nint cpu)
    {
        var configuration = Text(cpu, "_ZN2at11show_configB5cxx11Ev") ?? "";
        var version = NativeLibrary.TryGetExport(cpu, "aoti_torch_abi_version", out var number)
            ? LibtorchVersion.OfNumber(((delegate* unmanaged<ulong>)number)())
            : Group(VersionSetting().Match(configuration));
        return new LoadedLibtorch
        {
            Place = place,
            Folder = place.Libraries,
            Version = version ?? LibtorchVersion.OfFolder(place.Home) ?? "unknown",
            CpuCapability = Text(cpu, "_ZN2at18get_cpu_capabilityB5cxx11Ev"),
            Blas = Group(Mkl().Match(configuration)) is { } mkl ? "MKL " + mkl : Group(BlasSetting().Match(configuration)),
            Cuda = Group(CudaSetting().Match(configuration))
                ?? (File.Exists(Path.Combine(place.Libraries, LibtorchFiles.Cuda)) ? "unknown" : null),
            Cpu = cpu,
        };
    }

    // A C++ function without arguments that returns a std::string: the caller gives its place (libstdc++: pointer, length, 16 bytes of its
    // own). Its few bytes are not given back.
    private static unsafe string? Text(nint library, string function)
    {
        if (!NativeLibrary.TryGetExport(library, function, out var address))
            return null;
        var place = stackalloc nint[4];
        ((delegate* unmanaged<nint*, nint*>)address)(place);
        return Marshal.PtrToStringUTF8(place[0], (int)place[1]);
    }

    private static string? Group(Match match) => match.Success ? match.Groups[1].Value : null;

    [GeneratedRegex(@"TORCH_VERSION=([^,\s]+)")]
    private static partial Regex VersionSetting();

    [GeneratedRegex(@"CUDA_VERSION=([^,\s]+)")]
    private static partial Regex CudaSetting();

    [GeneratedRegex(@"Math Kernel Library Version ([\d.]+)")]
    private static partial Regex Mkl();

    [GeneratedRegex(@"BLAS_INFO=([^,\s]+)")]
    private static partial Regex BlasSetting();
}
