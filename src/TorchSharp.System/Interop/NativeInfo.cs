using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

[assembly: InternalsVisibleTo("SpeechGan")]
[assembly: InternalsVisibleTo("SpeechGan.Tests.Unit")]

namespace TorchSharp;

/// <summary>What is known of the libtorch behind this engine. Not part of TorchSharp's API.</summary>
internal static class NativeInfo
{
    internal static string Version => Marshal.PtrToStringUTF8(Native.sg_version()) ?? "unknown";

    /// <summary>The BLAS library mapped into this process.</summary>
    internal static string? Blas
    {
        get
        {
            _ = Native.sg_num_threads();  // loads libtorch, and the BLAS with it
            const string maps = "/proc/self/maps";
            if (!File.Exists(maps))
                return null;
            return File.ReadLines(maps)
                .Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .FirstOrDefault(path => Path.GetFileName(path) is var name && (name.Contains("openblas", StringComparison.Ordinal)
                    || name.StartsWith("libmkl", StringComparison.Ordinal) || name.StartsWith("libblas", StringComparison.Ordinal)));
        }
    }
}
