namespace SpeechGan.Data;

/// <summary>
/// WAV and AIFF files whole: PCM of 8, 16, 24, 32 bits, float of 32, 64, plain or WAVE_FORMAT_EXTENSIBLE, RF64; written as 16-bit PCM or
/// float32. Integers of b bits become floats by division by 2^(b-1), as libsndfile does: the same bits for the same file.
/// </summary>
public static class WavFile
{
    /// <summary>Reads the header alone.</summary>
    /// <exception cref="AudioFileException">The file cannot be read; the message says why.</exception>
    public static AudioInfo ReadInfo(string path)
    {
        using AudioReader reader = Required(PcmReader.Open(path), path);
        return reader.Info;
    }

    /// <summary>Reads a whole file.</summary>
    /// <returns>Samples with full scale -1 .. 1; float files may hold more, and NaN (see <see cref="AudioClip.FirstNonFinite"/>).</returns>
    /// <exception cref="AudioFileException">The file cannot be read; the message says why.</exception>
    public static AudioClip Read(string path)
    {
        using AudioReader reader = Required(PcmReader.Open(path), path);
        return reader.Whole();
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
        using var writer = new WavWriter(path, sampleRate, channels);
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
        using var writer = new WavWriter(path, NAudio.Wave.WaveFormat.CreateIeeeFloatWaveFormat(sampleRate, channels));
        writer.Append(interleaved);
        writer.Complete();
    }

    internal static AudioInfo ReadInfo(Stream stream, string path) => Required(PcmReader.Open(stream, path), path).Info;

    internal static AudioClip Read(Stream stream, string path) => Required(PcmReader.Open(stream, path), path).Whole();

    private static PcmReader Required(PcmReader? reader, string path) =>
        reader
        ?? throw new AudioFileException(path, "is an AIFF file whose samples are compressed or of an unusual kind. Convert it to WAV.");
}
