using System.Buffers.Binary;

namespace SpeechGan.Data;

/// <summary>
/// Writes a WAV file block by block, in memory that does not depend on its length. The file is written aside and appears by one rename in
/// <see cref="Complete"/>: a reader never sees half a file, and whatever fails before leaves the old file and nothing else.
/// </summary>
public sealed class WavWriter : IDisposable
{
    private const int HeaderBytes = 44;
    private const int BlockSamples = 16_384;
    private const long MostDataBytes = uint.MaxValue - (HeaderBytes - 8); // RIFF counts what follows its size in 32 bits

    private readonly string _path, _aside;
    private readonly WavEncoding _encoding;
    private readonly int _bits, _sampleRate, _channels;
    private readonly byte[] _buffer;
    private readonly Stream _stream;
    private long _samples;
    private bool _closed;

    /// <summary>Begins a file of 16-bit PCM: sample * 32768, rounded to the nearest (ties to even), limited to the range of 16 bits.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="sampleRate">Samples a second of each channel, in Hz.</param>
    /// <param name="channels">Number of channels.</param>
    /// <exception cref="AudioFileException">The file cannot be written.</exception>
    public WavWriter(string path, int sampleRate, int channels = 1) : this(path, WavEncoding.Pcm, 16, sampleRate, channels)
    {
    }

    internal WavWriter(string path, WavEncoding encoding, int bits, int sampleRate, int channels, Func<string, Stream>? create = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        (_path, _encoding, _bits, _sampleRate, _channels) = (path, encoding, bits, sampleRate, channels);
        _aside = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp";
        _buffer = new byte[BlockSamples * bits / 8];
        try
        {
            _stream = (create ?? Create)(_aside);
        }
        catch (Exception error) when (IsWriteError(error))
        {
            throw Unwritable(error);
        }
        Try(() => _stream.Write(new byte[HeaderBytes]));
    }

    /// <summary>How many samples had to be limited so far: tell the user where it is not 0.</summary>
    public long Limited { get; private set; }

    /// <summary>Refuses a 16-bit file that no WAV header can count, before any work is done for it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="samples">Samples of all channels together.</param>
    /// <exception cref="AudioFileException">They take more than 4 GB.</exception>
    public static void RequireRoom(string path, long samples) => RequireRoom(path, samples, 2);

    /// <summary>Writes the next samples.</summary>
    /// <param name="interleaved">[frame, channel] row-major, full scale -1 .. 1.</param>
    /// <exception cref="AudioFileException">A sample is NaN and the file has integers, there are more than 4 GB, or the file cannot be written.</exception>
    public void Append(ReadOnlySpan<float> interleaved)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        int width = _bits / 8;
        RequireRoom(_path, _samples + interleaved.Length, width);
        while (!interleaved.IsEmpty)
        {
            ReadOnlySpan<float> block = interleaved[..Math.Min(BlockSamples, interleaved.Length)];
            if (_encoding == WavEncoding.Pcm)
                EncodePcm16(block);
            else
                EncodeFloat32(block);
            int bytes = block.Length * width;
            Try(() => _stream.Write(_buffer, 0, bytes));
            _samples += block.Length;
            interleaved = interleaved[block.Length..];
        }
    }

    /// <summary>Fills in the header, has the bytes on the disk (fsync), and gives the file its name.</summary>
    /// <exception cref="ArgumentException">The samples are not whole frames.</exception>
    /// <exception cref="AudioFileException">The file cannot be written.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_samples % _channels != 0)
            throw new ArgumentException($"{_samples} samples are not whole frames of {_channels} channels.");
        Try(() =>
        {
            _stream.Position = 0;
            _stream.Write(Header());
            if (_stream is FileStream file)
                file.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_aside, _path, overwrite: true);
            _closed = true;
        });
    }

    /// <summary>Takes the file aside away where <see cref="Complete"/> did not give it its name.</summary>
    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        // What failed before is the error to tell: closing writes what is buffered and may fail again.
        try { _stream.Dispose(); }
        catch (Exception error) when (IsWriteError(error)) { /* see above */ }
        try { File.Delete(_aside); }
        catch (Exception error) when (IsWriteError(error)) { /* see above */ }
    }

    private void EncodePcm16(ReadOnlySpan<float> block)
    {
        for (int i = 0; i < block.Length; i++)
        {
            if (float.IsNaN(block[i]))
                throw new AudioFileException(_path, $"is not written: sample {_samples + i} is NaN (not a number).");
            // The product by a power of two is exact, so that a file read and written again keeps its bits.
            float scaled = MathF.Round(block[i] * 32768f, MidpointRounding.ToEven);
            float kept = Math.Clamp(scaled, -32768f, 32767f);
            if (kept != scaled)
                Limited++;
            BinaryPrimitives.WriteInt16LittleEndian(_buffer.AsSpan(2 * i), (short)kept);
        }
    }

    private void EncodeFloat32(ReadOnlySpan<float> block)
    {
        for (int i = 0; i < block.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(_buffer.AsSpan(4 * i), block[i]);
    }

    // Frames have an even number of bytes at both widths, so that no padding byte is needed.
    private byte[] Header()
    {
        int frame = _channels * _bits / 8;
        uint data = (uint)(_samples * (_bits / 8));
        var header = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), HeaderBytes - 8 + data);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), (ushort)(_encoding == WavEncoding.Pcm ? 1 : 3));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), (ushort)_channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), _sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), _sampleRate * frame);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), (ushort)frame);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), (ushort)_bits);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), data);
        return header;
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (IsWriteError(error))
        {
            Dispose();
            throw Unwritable(error);
        }
    }

    private AudioFileException Unwritable(Exception error) => new(_path, $"cannot be written: {error.Message}", error);

    private static Stream Create(string aside) => new FileStream(aside, FileMode.CreateNew, FileAccess.Write);

    private static bool IsWriteError(Exception error) => error is IOException or UnauthorizedAccessException;

    private static void RequireRoom(string path, long samples, int width)
    {
        if (samples > MostDataBytes / width)
            throw new AudioFileException(path, $"is not written: {samples} samples of {width} bytes are more than the 4 GB that a WAV file holds ({MostDataBytes / width} samples). Split the signal.");
    }
}
