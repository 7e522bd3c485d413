using NAudio.Wave;

namespace SpeechGan.Data;

/// <summary>Reads the samples of a WAV, RF64 or AIFF file block by block by NAudio; it holds one block of bytes.</summary>
internal sealed class PcmReader : AudioReader
{
    /// <summary>The most that is read at once and held.</summary>
    internal const int BlockBytes = 24 * 4096;

    private const int HeaderBytes = 512;

    private readonly Stream file;
    private readonly WaveStream stored;
    private readonly ISampleProvider samples;
    private readonly int block; // samples in a block: whole frames
    private long left; // samples of all channels

    private PcmReader(Stream file, string path, PcmLayout layout)
        : base(path, InfoOf(layout))
    {
        var view = new PcmFileView(file, layout);
        this.file = file;
        stored = layout.BigEndian ? new AiffFileReader(view) : new WaveFileReader(view);
        samples = stored.ToSampleProvider();
        block = BlockBytes / layout.Format.BlockAlign * Info.Channels;
        left = Info.Frames * Info.Channels;
    }

    /// <summary>Opens a WAV, RF64 or AIFF file and stands at the first sample.</summary>
    /// <returns>Null for an AIFF file whose samples only libsndfile may read.</returns>
    /// <exception cref="AudioFileException">It cannot be read; the message says why.</exception>
    internal static PcmReader? Open(string path)
    {
        FileStream? stream = null;
        PcmReader? reader = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return reader = Open(stream, path);
        }
        catch (Exception error) when (IsReadError(error))
        {
            throw AudioFile.Unreadable(path, error);
        }
        finally
        {
            if (reader is null)
                stream?.Dispose();
        }
    }

    /// <summary>Reads the header alone: a corpus has tens of thousands.</summary>
    /// <returns>Null for a file that is no WAV, RF64 or plain AIFF file by its first bytes, and may be another kind of audio.</returns>
    /// <exception cref="AudioFileException">It cannot be read; the message says why.</exception>
    internal static AudioInfo? ReadInfo(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, HeaderBytes);
            return ChunkWalk.Head(stream).Container is "RIFF" or "RF64" or "FORM" && Layout(stream, path) is { } layout
                ? InfoOf(layout)
                : null;
        }
        catch (Exception error) when (IsReadError(error))
        {
            throw AudioFile.Unreadable(path, error);
        }
    }

    /// <summary>The same for a stream that can seek; it is taken over once the header has been read.</summary>
    internal static PcmReader? Open(Stream stream, string path) =>
        Layout(stream, path) is { } layout ? new PcmReader(stream, path, layout) : null;

    private static AudioInfo InfoOf(PcmLayout layout) =>
        new(layout.Format.SampleRate, layout.Format.Channels, layout.Frames) { Note = layout.Note };

    private static PcmLayout? Layout(Stream stream, string path)
    {
        PcmLayout? layout = ChunkWalk.Head(stream) is ("FORM", "AIFF" or "AIFC")
            ? AiffGuard.Inspect(stream, path)
            : WavGuard.Inspect(stream, path);
        if (layout is { BigEndian: true, Bytes: > int.MaxValue - 64 })
            throw new AudioFileException(
                path,
                $"holds {layout.Bytes} bytes of samples; AIFF files up to 2 GB are read here. Split it, or convert it to WAV or FLAC."
            );
        return layout;
    }

    public override int Read(Span<float> interleaved)
    {
        interleaved = WholeFrames(interleaved);
        int count = (int)Math.Min(interleaved.Length, left);
        try
        {
            for (int done = 0; done < count; )
            {
                int read = samples.Read(interleaved[done..Math.Min(count, done + block)]);
                if (read == 0)
                    throw new EndOfStreamException($"it ends {left - done} samples early.");
                done += read;
            }
        }
        catch (Exception error) when (IsReadError(error))
        {
            throw AudioFile.Unreadable(Path, error);
        }
        left -= count;
        return count;
    }

    public override void Restart()
    {
        stored.Position = 0;
        left = Info.Frames * Info.Channels;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        stored.Dispose();
        file.Dispose();
    }

    private static bool IsReadError(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;
}
