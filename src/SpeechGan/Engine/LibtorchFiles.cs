using System.Globalization;
using System.Runtime.InteropServices;

namespace SpeechGan.Engine;

/// <summary>libtorch's shared libraries on Linux: which there are, and how they are loaded.</summary>
internal static class LibtorchFiles
{
    /// <summary>Tensors, operators and their kernels on the CPU.</summary>
    public const string Cpu = "libtorch_cpu.so";

    /// <summary>The same on NVIDIA GPUs; only in CUDA builds.</summary>
    public const string Cuda = "libtorch_cuda.so";

    // Each before those that need it. libLibTorchSharp.so then finds them by name, because the loader knows a library that is loaded
    // already by its name.
    private static readonly (string Name, bool MustBeThere)[] InOrder =
    [
        ("libc10.so", true),
        (Cpu, true),
        ("libc10_cuda.so", false),
        (Cuda, false),
        ("libtorch.so", true),
    ];

    /// <summary>Loads all that are there.</summary>
    /// <returns>The handle of <see cref="Cpu"/>.</returns>
    /// <exception cref="EngineException">One is missing, cut off, or does not fit this system.</exception>
    public static nint Load(LibtorchPlace place)
    {
        nint cpu = 0;
        foreach (var (name, mustBeThere) in InOrder)
        {
            var path = Path.Combine(place.Libraries, name);
            if (!File.Exists(path))
            {
                if (mustBeThere)
                    throw new EngineException($"libtorch is incomplete: '{path}' is missing. {Remedy(place)}");
                continue;
            }
            RequireWhole(path, place);
            try
            {
                var handle = NativeLibrary.Load(path);
                if (name == Cpu)
                    cpu = handle;
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                throw new EngineException($"libtorch's '{path}' cannot be loaded: {Reason(e.Message, path)}. {Remedy(place)}", e);
            }
        }
        return cpu;
    }

    /// <summary>
    /// Loads TorchSharp's own library on top of it: what TorchSharp does at its first use, with a sentence where it fails.
    /// </summary>
    /// <param name="place">The libtorch that is loaded.</param>
    /// <param name="program">The program's folder.</param>
    /// <exception cref="EngineException">It does not fit this libtorch, or this system.</exception>
    public static void LoadTorchSharp(LibtorchPlace place, string program)
    {
        var path = Path.Combine(program, "libLibTorchSharp.so");
        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new EngineException(
                $"TorchSharp's '{path}' cannot be loaded with the libtorch in '{place.Libraries}': {Reason(e.Message, path)}. "
                    + $"{(place.IsPackaged ? "Build again, or publish again for this system." : Remedy(place))}",
                e
            );
        }
    }

    /// <summary>What to do about a libtorch that is broken.</summary>
    public static string Remedy(LibtorchPlace place) =>
        place.IsPackaged
            ? "Restore and build again (remove the package libtorch-cpu-linux-x64 from the package cache if that does not help)."
            : $"Reinstall that libtorch, or unset {place.Origin.Split('=')[0]} to use the one that this program brings.";

    // The loader maps a truncated file, and the process ends when a missing page is touched. What must be there: its table of
    // sections, and all that its segments map.
    private static void RequireWhole(string path, LibtorchPlace place)
    {
        long length,
            whole;
        try
        {
            using var file = new BinaryReader(File.OpenRead(path));
            var header = file.ReadBytes(64);
            if (header.Length >= 5 && !(header.AsSpan().StartsWith("\u007fELF"u8) && header[4] == 2))
                throw new EngineException($"libtorch is damaged: '{path}' is not a 64-bit ELF library. {Remedy(place)}");
            (length, whole) = (file.BaseStream.Length, Whole(file, header));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A damaged header points anywhere.
            throw new EngineException($"libtorch cannot be read: '{path}': {e.Message} {Remedy(place)}", e);
        }
        if (length < whole)
            throw new EngineException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"libtorch is damaged: '{path}' is truncated ({length} bytes of at least {whole}). {Remedy(place)}"
                )
            );
    }

    private static long Whole(BinaryReader file, byte[] header)
    {
        if (header.Length < 64)
            return 64;
        var length = file.BaseStream.Length;
        var whole = BitConverter.ToInt64(header, 0x28) + ((long)BitConverter.ToUInt16(header, 0x3a) * BitConverter.ToUInt16(header, 0x3c));
        var segments = BitConverter.ToInt64(header, 0x20);
        for (var i = 0; i < BitConverter.ToUInt16(header, 0x38) && length >= whole; i++)
        {
            whole = Math.Max(whole, segments + (56L * (i + 1)));
            if (length < whole)
                break;
            file.BaseStream.Position = segments + (56L * i);
            // Elf64_Phdr: type and flags, offset, two addresses, size in the file.
            var one = file.ReadBytes(56);
            whole = Math.Max(whole, BitConverter.ToInt64(one, 8) + BitConverter.ToInt64(one, 32));
        }
        return whole;
    }

    // The loader's own words: those of the last line that names a file, without .NET's list of places.
    private static string Reason(string message, string path) =>
        (message.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Contains(": ", StringComparison.Ordinal)) ?? message.Trim())
            .Replace(path + ": ", "", StringComparison.Ordinal)
            .TrimEnd('.');
}
