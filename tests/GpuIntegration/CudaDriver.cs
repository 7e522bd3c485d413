using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>What only NVIDIA's driver tells: the model's name and the device's memory.</summary>
internal static unsafe partial class CudaDriver
{
    private const string Library = "libcuda.so.1";

    /// <summary>The first GPU's model, for example `NVIDIA H100 80GB HBM3`.</summary>
    public static string Model()
    {
        Check(cuInit(0), nameof(cuInit));
        Check(cuDeviceGet(out var device, 0), nameof(cuDeviceGet));
        const int room = 256;
        var name = stackalloc byte[room];
        Check(cuDeviceGetName(name, room, device), nameof(cuDeviceGetName));
        return Marshal.PtrToStringUTF8((nint)name)!;
    }

    /// <summary>A model's name as a file name: letters, digits and hyphens.</summary>
    public static string FileNameOf(string model)
    {
        var text = new StringBuilder();
        foreach (var c in model)
            text.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        return string.Join('-', text.ToString().Split('-', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Bytes in use on the device by anybody, after all that was queued.</summary>
    public static long BytesInUse()
    {
        cuda.synchronize(); // makes libtorch's context this thread's, too
        Check(cuMemGetInfo_v2(out var free, out var total), nameof(cuMemGetInfo_v2));
        return (long)(total - free);
    }

    private static void Check(int code, string call)
    {
        if (code != 0)
            throw new InvalidOperationException($"{call} of the CUDA driver failed with code {code}.");
    }

    [LibraryImport(Library)]
    private static partial int cuInit(uint flags);

    [LibraryImport(Library)]
    private static partial int cuDeviceGet(out int device, int ordinal);

    [LibraryImport(Library)]
    private static partial int cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library)]
    private static partial int cuMemGetInfo_v2(out nuint free, out nuint total);
}
