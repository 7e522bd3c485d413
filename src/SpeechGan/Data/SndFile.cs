using System.Runtime.InteropServices;

namespace SpeechGan.Data;

/// <summary>
/// libsndfile, which is optional, by its C interface (sndfile.h), loaded where the machine has it. Headers are not believed: samples are
/// read in blocks until the library has no more; for a clip up to <see cref="MostSamples"/>.
/// </summary>
internal sealed unsafe class SndFile
{
    /// <summary>A few kilobytes of FLAC can stand for hours of silence: 2^28 samples (1 GiB) is the most that is decoded into one
    /// clip.</summary>
    internal const int MostSamples = 1 << 28;

    private const int ModeRead = 0x10; // SFM_READ
    private static readonly Lazy<SndFile?> installed = new(() => TryLoad(["libsndfile.so.1", "libsndfile.1.dylib", "sndfile.dll"]));

    private readonly delegate* unmanaged<byte*, int, Info*, nint> open;
    private readonly delegate* unmanaged<nint, float*, long, long> readFrames;
    private readonly delegate* unmanaged<nint, byte*> error;
    private readonly delegate* unmanaged<nint, int> close;

    private SndFile(nint library)
    {
        open = (delegate* unmanaged<byte*, int, Info*, nint>)NativeLibrary.GetExport(library, "sf_open");
        readFrames = (delegate* unmanaged<nint, float*, long, long>)NativeLibrary.GetExport(library, "sf_readf_float");
        error = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "sf_strerror");
        close = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "sf_close");
    }

    /// <summary>The machine's libsndfile; null where there is none.</summary>
    internal static SndFile? Installed => installed.Value;

    internal static SndFile? TryLoad(IEnumerable<string> names)
    {
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint library))
                return new SndFile(library);
        return null;
    }

    internal SndFileReader OpenReader(string path)
    {
        nint file = Open(path, out Info info);
        return new SndFileReader(this, file, path, Of(info));
    }

    /// <summary>Opens a file a second time, which must be what it was: seeking need not come back to the same samples in every
    /// format.</summary>
    internal nint Reopen(string path, AudioInfo expected)
    {
        nint file = Open(path, out Info info);
        if (Of(info) == expected)
            return file;
        Close(file);
        throw new AudioFileException(
            path,
            $"changed while it was read: its header said {Told(expected)} and says {Told(Of(info))} now. Start again when nothing "
                + $"writes it."
        );
    }

    /// <summary>Decodes the next frames into room for whole frames; their number, 0 at the end.</summary>
    internal long ReadFrames(nint file, Span<float> interleaved, int channels)
    {
        fixed (float* pointer = interleaved)
            return readFrames(file, pointer, interleaved.Length / channels);
    }

    internal void Close(nint file) => _ = close(file);

    private static AudioInfo Of(Info info) => new(info.SampleRate, info.Channels, info.Frames);

    private static string Told(AudioInfo info) => $"{info.Frames} frames of {info.Channels} channel(s) at {info.SampleRate} Hz";

    private nint Open(string path, out Info info)
    {
        Info read = default;
        byte* name = (byte*)Marshal.StringToCoTaskMemUTF8(path);
        nint file;
        try
        {
            file = open(name, ModeRead, &read);
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)name);
        }
        if (file == 0)
            throw new AudioFileException(
                path,
                $"cannot be decoded: libsndfile says \"{Marshal.PtrToStringUTF8((nint)error(0))?.TrimEnd('.', ' ')}\". Copy or "
                    + $"convert it again."
            );
        if (read.Channels < 1 || read.SampleRate < 1 || read.Frames < 0)
        {
            _ = close(file);
            throw new AudioFileException(
                path,
                $"says {read.Channels} channels, {read.SampleRate} samples a second and {read.Frames} frames. It is damaged; convert "
                    + $"it again."
            );
        }
        info = read;
        return file;
    }

    // SF_INFO
    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public long Frames;
        public int SampleRate;
        public int Channels;
        public int Format;
        public int Sections;
        public int Seekable;
    }
}
