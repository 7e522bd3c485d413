using System.Buffers.Binary;

namespace SpeechGan.Data;

/// <summary>
/// Reads WAV files (PCM of 8, 16, 24, 32 bits; float of 32, 64; plain or WAVE_FORMAT_EXTENSIBLE) and writes them (16-bit PCM, float32).
/// Integers of b bits become floats by division by 2^(b-1), as libsndfile does: the same bits for the same file.
/// </summary>
public static class WavFile
{
    /// <summary>Reads the header alone.</summary>
    /// <exception cref="AudioFileException">The file is no WAV file that can be read; the message says why.</exception>
    public static AudioInfo ReadInfo(string path) => Open(path, stream => ReadInfo(stream, path));

    /// <summary>Reads a whole file.</summary>
    /// <returns>Samples with full scale -1 .. 1; float files may hold more, and NaN (see <see cref="AudioClip.FirstNonFinite"/>).</returns>
    /// <exception cref="AudioFileException">The file is no WAV file that can be read; the message says why.</exception>
    public static AudioClip Read(string path) => Open(path, stream => Read(stream, path));

    /// <summary>Writes 16-bit PCM: sample * 32768, rounded to the nearest (ties to even), limited to the range of 16 bits.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="interleaved">Samples, [frame, channel] row-major, full scale -1 .. 1.</param>
    /// <param name="sampleRate">Samples a second of each channel, in Hz.</param>
    /// <param name="channels">Number of channels.</param>
    /// <returns>The number of samples that had to be limited: tell the user where it is not 0.</returns>
    /// <exception cref="AudioFileException">A sample is NaN, or the file cannot be written.</exception>
    public static int WritePcm16(string path, ReadOnlySpan<float> interleaved, int sampleRate, int channels = 1)
    {
        var data = new byte[DataBytes(path, interleaved.Length, 2)];
        int limited = 0;
        for (int i = 0; i < interleaved.Length; i++)
        {
            if (float.IsNaN(interleaved[i]))
                throw new AudioFileException(path, $"is not written: sample {i} is NaN (not a number).");
            // The product by a power of two is exact, so that a file read and written again keeps its bits.
            float scaled = MathF.Round(interleaved[i] * 32768f, MidpointRounding.ToEven);
            float kept = Math.Clamp(scaled, -32768f, 32767f);
            if (kept != scaled)
                limited++;
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), (short)kept);
        }
        Write(path, WavEncoding.Pcm, 16, sampleRate, channels, data);
        return limited;
    }

    /// <summary>Writes 32-bit float: the samples as they are.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="interleaved">Samples, [frame, channel] row-major.</param>
    /// <param name="sampleRate">Samples a second of each channel, in Hz.</param>
    /// <param name="channels">Number of channels.</param>
    /// <exception cref="AudioFileException">The file cannot be written.</exception>
    public static void WriteFloat32(string path, ReadOnlySpan<float> interleaved, int sampleRate, int channels = 1)
    {
        var data = new byte[DataBytes(path, interleaved.Length, 4)];
        for (int i = 0; i < interleaved.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), interleaved[i]);
        Write(path, WavEncoding.Float, 32, sampleRate, channels, data);
    }

    internal static AudioInfo ReadInfo(Stream stream, string path)
    {
        WavHeader header = WavHeader.Parse(stream, path);
        return new AudioInfo(header.SampleRate, header.Channels, header.Frames);
    }

    internal static AudioClip Read(Stream stream, string path)
    {
        WavHeader header = WavHeader.Parse(stream, path);
        int width = header.Bits / 8;
        long count = header.DataBytes / width;
        if (count > Array.MaxLength)
            throw new AudioFileException(path, $"holds {count} samples; up to {Array.MaxLength} are read here. Split it.");
        // Bounded by the file's real length: Parse has checked that the data bytes are there.
        var samples = new float[count];
        var buffer = new byte[(int)Math.Min(header.DataBytes, 24 * 4096)]; // whole samples of every width
        stream.Position = header.DataOffset;
        for (int done = 0; done < samples.Length;)
        {
            int take = Math.Min(buffer.Length / width, samples.Length - done);
            stream.ReadExactly(buffer, 0, take * width);
            Decode(buffer.AsSpan(0, take * width), header.Encoding, header.Bits, samples.AsSpan(done, take));
            done += take;
        }
        return new AudioClip(path, header.SampleRate, header.Channels, samples);
    }

    // One plain loop an encoding: the corpus is decoded again each epoch where it does not fit into the cache.
    private static void Decode(ReadOnlySpan<byte> bytes, WavEncoding encoding, int bits, Span<float> samples)
    {
        switch (encoding, bits)
        {
            case (WavEncoding.Pcm, 8):
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = (bytes[i] - 128) / 128f;
                break;
            case (WavEncoding.Pcm, 16):
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) / 32768f;
                break;
            case (WavEncoding.Pcm, 24):
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = (bytes[3 * i] | (bytes[(3 * i) + 1] << 8) | ((sbyte)bytes[(3 * i) + 2] << 16)) / 8388608f;
                break;
            case (WavEncoding.Pcm, 32):
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]) / 2147483648f;
                break;
            case (WavEncoding.Float, 32):
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case (WavEncoding.Float, 64):
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                break;
            default:
                throw new ArgumentException($"{encoding} of {bits} bits is not decoded.", nameof(bits)); // WavHeader lets none through
        }
    }

    private static T Open<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return read(stream);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw AudioFile.Unreadable(path, error);
        }
    }

    private static int DataBytes(string path, int samples, int width)
    {
        long bytes = (long)samples * width;
        return bytes <= Array.MaxLength - 64
            ? (int)bytes
            : throw new AudioFileException(path, $"is not written: {samples} samples of {width} bytes do not fit into one WAV file here. Split it.");
    }

    private static void Write(string path, WavEncoding encoding, int bits, int sampleRate, int channels, byte[] data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        int frame = channels * bits / 8;
        if (data.Length % frame != 0)
            throw new ArgumentException($"{data.Length / (bits / 8)} samples are not whole frames of {channels} channels.", nameof(data));
        var header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 36 + data.Length);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), (ushort)(encoding == WavEncoding.Pcm ? 1 : 3));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), sampleRate * frame);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), (ushort)frame);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), (ushort)bits);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), data.Length);

        // Written aside and renamed: a reader never sees half a file, and a failed write leaves the old one. Frames have an even number of
        // bytes at both widths, so that no padding byte is needed.
        string aside = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(header);
                stream.Write(data);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            try { File.Delete(aside); }
            catch (Exception second) when (second is IOException or UnauthorizedAccessException) { /* the first error is the one to tell */ }
            throw new AudioFileException(path, $"cannot be written: {error.Message}", error);
        }
    }
}
