using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

[assembly: InternalsVisibleTo("SpeechGan")]
[assembly: InternalsVisibleTo("SpeechGan.Tests.Unit")]
[assembly: InternalsVisibleTo("Bench")]

namespace TorchSharp;

/// <summary>What is known of the libtorch behind this engine. Not part of TorchSharp's API.</summary>
internal static class NativeInfo
{
    internal static string Version => Marshal.PtrToStringUTF8(Native.sg_version()) ?? "unknown";

    /// <summary>The vector kernels that libtorch chose for this processor, for example `AVX512`; null where it does not say.</summary>
    internal static unsafe string? CpuCapability
    {
        get
        {
            const int room = 1 << 16;
            var text = stackalloc byte[room];
            Native.Check(Native.sg_config(text, room), "show_config");
            const string mark = "CPU capability usage: ";
            return Marshal.PtrToStringUTF8((nint)text)!.Split('\n').Select(l => l.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? l[(at + mark.Length)..].Trim() : null)
                .FirstOrDefault(l => l is not null);
        }
    }

    /// <summary>
    /// The processor whose kernels OpenBLAS chose and its thread count, for example `Haswell, 1 thread`; null for another BLAS. Both
    /// change result bits, and environment variables change both.
    /// </summary>
    internal static unsafe string? BlasKernels
    {
        get
        {
            if (Blas is not { } path || !NativeLibrary.TryLoad(path, out var library)
                || !NativeLibrary.TryGetExport(library, "openblas_get_corename", out var core)
                || !NativeLibrary.TryGetExport(library, "openblas_get_num_threads", out var threads))
                return null;
            var n = ((delegate* unmanaged<int>)threads)();
            return $"{Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)core)())}, {n} thread{(n == 1 ? "" : "s")}";
        }
    }

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
