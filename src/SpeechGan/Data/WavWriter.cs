using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NAudio.Wave;

namespace SpeechGan.Data;

/// <summary>
/// Writes a WAV file block by block (AIFF where its name ends so, RF64 where it is told that more than 4 GB will come), in memory that does
/// not depend on its length. The file is written aside and appears by one rename in <see cref="Complete"/>: a reader never sees half a
/// file, and whatever fails before leaves the old file and nothing else.
/// </summary>
public sealed class WavWriter : IDisposable
{
    private const int BlockSamples = 16_384;

    // RIFF counts what follows its size in 32 bits; the header's chunks need some of them
    private const long MostDataBytes = uint.MaxValue - 256;
    private const long MostAiffBytes = int.MaxValue - 256; // what the library reads again

    private const long AiffFramesAt = 22; // FORM and its size, AIFF, COMM and its size, channels

    private readonly string path,
        aside,
        kind;
    private readonly WaveFormat format;
    private readonly long most; // bytes of samples
    private readonly byte[] buffer;
    private readonly Stream stream;
    private readonly Stream? samplesOf; // the library's writer over it
    private long samples;
    private bool closed;

    /// <summary>Begins a file of 16-bit PCM: sample * 32768, rounded to the nearest (ties to even), limited to the range of 16
    /// bits.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="sampleRate">Samples a second of each channel, in Hz.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="frames">The most frames that will come, where that is known: beyond 4 GB the file is RF64.</param>
    /// <exception cref="AudioFileException">The file cannot be written.</exception>
    public WavWriter(string path, int sampleRate, int channels = 1, long frames = 0)
        : this(path, Pcm16(sampleRate, channels), frames) { }

    internal WavWriter(string path, WaveFormat format, long frames = 0, Func<string, Stream>? create = null, long rf64From = MostDataBytes)
    {
        ArgumentNullException.ThrowIfNull(path);
        (this.path, this.format) = (path, format);
        string ending = System.IO.Path.GetExtension(path).ToLowerInvariant();
        bool aiff = ending is ".aiff" or ".aif",
            large = !aiff && frames > rf64From / format.BlockAlign;
        if (ending is ".flac" or ".ogg")
            throw new AudioFileException(
                path,
                $"is not written: WAV and AIFF are written here, not {ending[1..].ToUpperInvariant()}. Name it .wav."
            );
        (kind, most) = aiff
            ? ("the 2 GB of an AIFF file", MostAiffBytes)
            : ("the 4 GB that a WAV file holds", large ? long.MaxValue : MostDataBytes);
        if (aiff && frames != long.MaxValue) // that is libsndfile's word for a length that no header tells
            RequireRoom(frames * format.Channels);
        aside = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp";
        buffer = new byte[BlockSamples * format.BitsPerSample / 8];
        try
        {
            stream = (create ?? Create)(aside);
        }
        catch (Exception error) when (IsWriteError(error))
        {
            throw Unwritable(error);
        }
        Try(
            () =>
                aiff
                    ? new AiffFileWriter(stream, format)
                    : new WaveFileWriter(
                        stream,
                        format,
                        new WaveFileWriterOptions { EnableRf64 = large, Rf64PromotionThreshold = rf64From }
                    ),
            out samplesOf
        );
    }

    /// <summary>How many samples had to be limited so far: tell the user where it is not 0.</summary>
    public long Limited { get; private set; }

    /// <summary>Writes the next samples.</summary>
    /// <param name="interleaved">[frame, channel] row-major, full scale -1 .. 1.</param>
    /// <exception cref="AudioFileException">A sample is NaN and the file has integers, there are more than it can hold, or the file cannot
    /// be written.</exception>
    public void Append(ReadOnlySpan<float> interleaved)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        RequireRoom(samples + interleaved.Length);
        while (!interleaved.IsEmpty)
        {
            ReadOnlySpan<float> block = interleaved[..Math.Min(BlockSamples, interleaved.Length)];
            int bytes = block.Length * format.BitsPerSample / 8;
            if (format.Encoding == WaveFormatEncoding.Pcm)
                EncodePcm16(block);
            else
                MemoryMarshal.AsBytes(block).CopyTo(buffer);
            Try(() => samplesOf!.Write(buffer, 0, bytes));
            samples += block.Length;
            interleaved = interleaved[block.Length..];
        }
    }

    /// <summary>Fills in the header, has the bytes on the disk (fsync), and gives the file its name.</summary>
    /// <exception cref="ArgumentException">The samples are not whole frames.</exception>
    /// <exception cref="AudioFileException">The file cannot be written.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(closed, this);
        if (samples % format.Channels != 0)
            throw new ArgumentException($"{samples} samples are not whole frames of {format.Channels} channels.");
        Try(() =>
        {
            samplesOf!.Dispose();
            if (samplesOf is AiffFileWriter)
                CorrectFrames();
            if (stream is FileStream file)
                file.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(aside, path, overwrite: true);
            closed = true;
        });
    }

    /// <summary>Takes the file aside away where <see cref="Complete"/> did not give it its name.</summary>
    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        // What failed before is the error to tell: closing writes what is buffered and may fail again.
        try
        {
            samplesOf?.Dispose();
        }
        catch (Exception error) when (IsWriteError(error))
        { /* see above */
        }
        try
        {
            stream.Dispose();
        }
        catch (Exception error) when (IsWriteError(error))
        { /* see above */
        }
        try
        {
            File.Delete(aside);
        }
        catch (Exception error) when (IsWriteError(error))
        { /* see above */
        }
    }

    // The library's own conversion multiplies by 32767 and cuts; a file read and written again would not keep its bits.
    private void EncodePcm16(ReadOnlySpan<float> block)
    {
        for (int i = 0; i < block.Length; i++)
        {
            if (float.IsNaN(block[i]))
                throw new AudioFileException(path, $"is not written: sample {samples + i} is NaN (not a number).");
            float scaled = MathF.Round(block[i] * 32768f, MidpointRounding.ToEven);
            float kept = Math.Clamp(scaled, -32768f, 32767f);
            if (kept != scaled)
                Limited++;
            BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(2 * i), (short)kept);
        }
    }

    // NAudio 3.3.0 counts eight bytes of the SSND chunk's own as samples in COMM.
    private void CorrectFrames()
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(word, (uint)(samples / format.Channels));
        stream.Position = AiffFramesAt;
        stream.Write(word);
    }

    private void Try(Action write) =>
        Try(
            () =>
            {
                write();
                return true;
            },
            out _
        );

    private void Try<T>(Func<T> write, out T? written)
    {
        try
        {
            written = write();
        }
        catch (Exception error) when (IsWriteError(error))
        {
            written = default;
            Dispose();
            throw Unwritable(error);
        }
    }

    private static WaveFormat Pcm16(int sampleRate, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        return new WaveFormat(sampleRate, 16, channels);
    }

    private AudioFileException Unwritable(Exception error) => new(path, $"cannot be written: {error.Message}", error);

    private static Stream Create(string aside) => new FileStream(aside, FileMode.CreateNew, FileAccess.Write);

    private static bool IsWriteError(Exception error) => error is IOException or UnauthorizedAccessException;

    private void RequireRoom(long samples)
    {
        int width = format.BitsPerSample / 8;
        if (samples > most / width)
            throw new AudioFileException(
                path,
                $"is not written: {samples} samples of {width} bytes are more than {kind} ({most / width} samples). Split the signal."
            );
    }
}
