using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SpeechGan.Reports;
using SpeechGan.Tests.Unit.Data;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class PngImageTests
{
    private static readonly (byte, byte, byte)[] Palette = [(0, 0, 0), (255, 0, 0), (0, 255, 0), (1, 2, 3)];

    [Test]
    public void The_checksum_is_the_specifications() => PngImage.Crc("IEND"u8).Should().Be(0xAE426082);

    [TestCase(1, 1)]
    [TestCase(3, 2)]
    [TestCase(257, 65)]
    public void A_decoder_gets_back_every_pixel(int width, int height)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(i => (byte)(i * 7 % 4))];
        var (w, h, palette, decoded) = Decode(PngImage.Encode(width, height, pixels, Palette));
        (w, h).Should().Be((width, height));
        palette.Should().Equal(0, 0, 0, 255, 0, 0, 0, 255, 0, 1, 2, 3);
        decoded.Should().Equal(pixels);
    }

    [Test]
    public void What_is_no_image_is_refused()
    {
        var act = () => PngImage.Encode(2, 2, [0, 1, 4, 0], Palette);
        act.Should().Throw<ArgumentException>().WithMessage("An image of 2 x 2 has 4 indices below 4.*");
        act = () => PngImage.Encode(2, 2, [0, 1, 2], Palette);
        act.Should().Throw<ArgumentException>();
        act = () => PngImage.Encode(1, 1, [0], []);
        act.Should().Throw<ArgumentException>().WithMessage("A palette has 1 to 256 colours, not 0.*");
    }

    [Test]
    public void A_full_scale_sine_is_one_bright_row_at_its_frequency()
    {
        float[] sine = [.. Enumerable.Range(0, 16000).Select(i => (float)Math.Sin(2 * Math.PI * 2000 * i / 16000))];
        var (width, height, _, pixels) = Decode(Spectrogram.Png(sine));
        var column = Enumerable.Range(0, height).Select(r => pixels[(r * width) + (width / 2)]).ToList();
        var brightest = column.IndexOf(column.Max());
        brightest.Should().Be(height - 1 - (2000 * Spectrogram.Window / 16000 / 2));
        column.Max().Should().Be(47, "0 dB is the top of the scale");
        column.Count(p => p > 24).Should().BeLessThan(6);
    }

    [TestCase(1)]
    [TestCase(511)]
    public void Short_and_silent_signals_have_a_picture(int samples) => Decode(Spectrogram.Png(new float[samples])).Pixels.Should().OnlyContain(p => p == 0);

    [Test]
    public void Sound_is_encoded_as_the_projects_own_WAV_writer_does()
    {
        using var folder = new TemporaryFolder();
        float[] samples = [0, 0.5f, -0.5f, 1, -1, 1.5f, 1 / 3f];
        SpeechGan.Data.WavFile.WritePcm16(folder["x.wav"], samples, 16000);
        EmbeddedWav.Encode(samples, 16000).Should().Equal(File.ReadAllBytes(folder["x.wav"]));
    }

    private static (int Width, int Height, byte[] Palette, byte[] Pixels) Decode(byte[] file)
    {
        file[..8].Should().Equal(0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A);
        var chunks = new List<(string Type, byte[] Data)>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)).Should().Be(Crc(file.AsSpan(at + 4, 4 + length)));
            at += 12 + length;
        }

        chunks.Select(c => c.Type).Should().Equal("IHDR", "PLTE", "IDAT", "IEND");
        int width = BinaryPrimitives.ReadInt32BigEndian(chunks[0].Data), height = BinaryPrimitives.ReadInt32BigEndian(chunks[0].Data.AsSpan(4));
        chunks[0].Data[8..].Should().Equal(8, 3, 0, 0, 0);
        using var zlib = new ZLibStream(new MemoryStream(chunks[2].Data), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        raw.Length.Should().Be(height * (width + 1));
        var rows = raw.ToArray().Chunk(width + 1).ToList();
        rows.Should().OnlyContain(r => r[0] == 0, "no filter is used");
        return (width, height, chunks[1].Data, [.. rows.SelectMany(r => r[1..])]);
    }

    // Bit by bit from the highest, on mirrored bytes: another way than the encoder's.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFF;
        foreach (var b in bytes)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var carry = ((crc >> 31) ^ (uint)(b >> bit)) & 1;
                crc = (crc << 1) ^ (carry * 0x04C11DB7);
            }
        }

        uint mirrored = 0;
        for (var bit = 0; bit < 32; bit++) mirrored |= ((crc >> bit) & 1) << (31 - bit);
        return ~mirrored;
    }
}
