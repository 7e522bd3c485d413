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
    public static AudioInfo ReadInfo(string path)
    {
        using WavReader reader = WavReader.Open(path);
        return reader.Info;
    }

    /// <summary>Reads a whole file.</summary>
    /// <returns>Samples with full scale -1 .. 1; float files may hold more, and NaN (see <see cref="AudioClip.FirstNonFinite"/>).</returns>
    /// <exception cref="AudioFileException">The file is no WAV file that can be read; the message says why.</exception>
    public static AudioClip Read(string path)
    {
        using WavReader reader = WavReader.Open(path);
        return Whole(reader);
    }

    /// <summary>Writes 16-bit PCM: sample * 32768, rounded to the nearest (ties to even), limited to the range of 16 bits.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="interleaved">Samples, [frame, channel] row-major, full scale -1 .. 1.</param>
    /// <param name="sampleRate">Samples a second of each channel, in Hz.</param>
    /// <param name="channels">Number of channels.</param>
    /// <returns>The number of samples that had to be limited: tell the user where it is not 0.</returns>
    /// <exception cref="AudioFileException">A sample is NaN, or the file cannot be written.</exception>
    public static int WritePcm16(string path, ReadOnlySpan<float> interleaved, int sampleRate, int channels = 1)
    {
        using var writer = new WavWriter(path, WavEncoding.Pcm, 16, sampleRate, channels);
        writer.Append(interleaved);
        writer.Complete();
        return (int)writer.Limited;
    }

    /// <summary>Writes 32-bit float: the samples as they are.</summary>
    /// <param name="path">The file; it appears whole or not at all.</param>
    /// <param name="interleaved">Samples, [frame, channel] row-major.</param>
    /// <param name="sampleRate">Samples a second of each channel, in Hz.</param>
    /// <param name="channels">Number of channels.</param>
    /// <exception cref="AudioFileException">The file cannot be written.</exception>
    public static void WriteFloat32(string path, ReadOnlySpan<float> interleaved, int sampleRate, int channels = 1)
    {
        using var writer = new WavWriter(path, WavEncoding.Float, 32, sampleRate, channels);
        writer.Append(interleaved);
        writer.Complete();
    }

    internal static AudioInfo ReadInfo(Stream stream, string path) => WavReader.Open(stream, path).Info;

    internal static AudioClip Read(Stream stream, string path) => Whole(WavReader.Open(stream, path));

    private static AudioClip Whole(WavReader reader)
    {
        long count = reader.Info.Frames * reader.Info.Channels;
        if (count > Array.MaxLength)
            throw new AudioFileException(reader.Path, $"holds {count} samples; up to {Array.MaxLength} are read here. Split it.");
        // Bounded by the file's real length: the reader has checked that the data bytes are there.
        var samples = new float[count];
        if (count > 0)
            _ = reader.Read(samples);
        return new AudioClip(reader.Path, reader.Info.SampleRate, reader.Info.Channels, samples);
    }

    // One plain loop an encoding: the corpus is decoded again each epoch where it does not fit into the cache.
    internal static void Decode(ReadOnlySpan<byte> bytes, WavEncoding encoding, int bits, Span<float> samples)
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
}
