using System.Buffers.Binary;
using System.Security.Cryptography;
using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>Every encoding gives the bits that it always gave: digests of the samples, pinned before audio files were read by a
/// library.</summary>
public sealed class SampleBitsTests
{
    [TestCase(1, 8, 1, false, "02D9DBDA12290BC8")]
    [TestCase(1, 8, 2, true, "C83F878F91EC2CAC")]
    [TestCase(1, 16, 1, false, "021B0378066931EC")]
    [TestCase(1, 16, 2, false, "1739F5C304E69B77")]
    [TestCase(1, 16, 6, true, "0076EF6352F7593E")]
    [TestCase(1, 24, 1, false, "80815E6475920BEF")]
    [TestCase(1, 24, 2, true, "950F4D7C19518294")]
    [TestCase(1, 24, 6, false, "B9820011F0D90194")]
    [TestCase(1, 32, 1, false, "F7BE225E6DB99A43")]
    [TestCase(1, 32, 2, true, "BEB2C860EFDE7966")]
    [TestCase(3, 32, 1, false, "0AA5AD5F553EF598")]
    [TestCase(3, 32, 2, true, "887BA93B5B5F101A")]
    [TestCase(3, 64, 1, false, "15ACECBFAFCB8025")]
    [TestCase(3, 64, 2, true, "CE26F87D240FFEF4")]
    public void Samples_are_the_bits_they_were(int code, int bits, int channels, bool extensible, string digest)
    {
        using var stream = new MemoryStream(
            new WavBytes
            {
                Code = code,
                Bits = bits,
                Channels = channels,
                Extensible = extensible,
                Data = Stored(code, bits, 1001 * channels),
            }.ToArray()
        );
        var samples = WavFile.Read(stream, "a.wav").Interleaved;
        var bytes = new byte[4 * samples.Length];
        for (int i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), samples[i]);
        Convert.ToHexString(SHA256.HashData(bytes))[..16].Should().Be(digest);
    }

    // The extremes first, then all else; doubles are finite, since what a NaN's bits become is the processor's affair.
    internal static byte[] Stored(int code, int bits, int samples)
    {
        var random = new Random(bits + code);
        var data = new byte[samples * bits / 8];
        random.NextBytes(data);
        int width = bits / 8;
        for (int b = 0; b < width; b++)
            (data[b], data[width + b]) = ((byte)(b == width - 1 ? 0x80 : 0), (byte)(b == width - 1 ? 0x7F : 0xFF));
        if (code == 3)
            for (int i = 0; i < samples; i++)
            {
                double value = i switch
                {
                    0 => -0.0,
                    1 => 1e-42,
                    2 => -7.25,
                    _ => (random.NextDouble() * 4) - 2,
                };
                if (bits == 32)
                    BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), (float)value);
                else
                    BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8 * i), value);
            }
        return data;
    }
}
