using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SpeechGan.Engine;

/// <summary>A part of libtorch that computes some operators in its own way, and can be left out.</summary>
public enum LibraryPath
{
    /// <summary>oneDNN: float32 convolutions on x86.</summary>
    OneDnn,

    /// <summary>NNPACK: float32 convolutions where oneDNN is off; on processors it does not know it prints a warning for each.</summary>
    Nnpack,
}

/// <summary>
/// Switches libtorch's own choice of kernels. TorchSharp 0.107 has no call for it, so the C++ functions that libtorch exports are called by
/// their mangled names: at::globalContext, and the getters and setters of at::Context. They hold for the whole process.
/// </summary>
/// <remarks>Where the names do not exist (Windows, macOS, another libtorch) nothing can be switched, and the methods say so by what they
/// return.</remarks>
public sealed unsafe class LibraryPaths
{
    private const string Library = "libtorch_cpu.so";
    private const string Context = "_ZN2at13globalContextEv";

    private readonly IntPtr library;
    private readonly IntPtr context;

    private LibraryPaths(IntPtr library)
    {
        this.library = library;
        // A C++ reference comes back as a pointer.
        context = Export(Context) is var get && get != IntPtr.Zero ? ((delegate* unmanaged<IntPtr>)get)() : IntPtr.Zero;
    }

    /// <summary>The switches of the libtorch that this process uses.</summary>
    public static LibraryPaths OfLibtorch()
    {
        get_num_threads(); // loads it, wherever it is
        // By its name alone, which finds the one that is loaded already.
        return Of(NativeLibrary.TryLoad(Library, out var handle) ? handle : IntPtr.Zero);
    }

    /// <summary>The switches that a library exports.</summary>
    /// <param name="library">A loaded library; zero: none.</param>
    internal static LibraryPaths Of(IntPtr library) => new(library);

    /// <summary>Whether a path is in use; null where that cannot be found out.</summary>
    public bool? IsOn(LibraryPath path) =>
        Call(path, switches: false) is var get && get != IntPtr.Zero ? ((delegate* unmanaged<IntPtr, byte>)get)(context) != 0 : null;

    /// <summary>Switches a path on or off.</summary>
    /// <returns>Whether it is so now; false where this libtorch cannot switch it.</returns>
    public bool Switch(LibraryPath path, bool on)
    {
        var set = Call(path, switches: true);
        if (set == IntPtr.Zero)
            return false;
        ((delegate* unmanaged<IntPtr, byte, void>)set)(context, on ? (byte)1 : (byte)0);
        return IsOn(path) == on;
    }

    private IntPtr Call(LibraryPath path, bool switches) =>
        context == IntPtr.Zero
            ? IntPtr.Zero
            : Export(
                (path, switches) switch
                {
                    (LibraryPath.OneDnn, true) => "_ZN2at7Context20setUserEnabledMkldnnEb",
                    (LibraryPath.OneDnn, false) => "_ZNK2at7Context17userEnabledMkldnnEv",
                    (_, true) => "_ZN2at7Context20setUserEnabledNNPACKEb",
                    (_, false) => "_ZNK2at7Context17userEnabledNNPACKEv",
                }
            );

    private IntPtr Export(string name) =>
        library != IntPtr.Zero && NativeLibrary.TryGetExport(library, name, out var address) ? address : IntPtr.Zero;
}
