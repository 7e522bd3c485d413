using System.Buffers.Binary;

namespace SpeechGan.Reports;

/// <summary>A 16-bit WAV file of one channel in memory: what a browser plays.</summary>
internal static class EmbeddedWav
{
    private const int HeaderLength = 44;

    /// <summary>Encodes samples as <see cref="Data.WavFile.WritePcm16"/> does: times 32768, to the nearest, limited to 16 bits.</summary>
    /// <param name="samples">Full scale -1 .. 1, all finite.</param>
    /// <param name="sampleRate">Hz.</param>
    public static byte[] Encode(ReadOnlySpan<float> samples, int sampleRate)
    {
        var bytes = new byte[HeaderLength + (2 * samples.Length)];
        var header = bytes.AsSpan(0, HeaderLength);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1); // PCM
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], 2 * sampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], 2 * samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = Math.Clamp(MathF.Round(samples[i] * 32768f, MidpointRounding.ToEven), short.MinValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(HeaderLength + (2 * i)), (short)sample);
        }

        return bytes;
    }
}
