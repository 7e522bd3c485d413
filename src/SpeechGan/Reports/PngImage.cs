using System.Buffers.Binary;
using System.IO.Compression;

namespace SpeechGan.Reports;

/// <summary>PNG files of one palette index a pixel (PNG specification, colour type 3, 8 bits), which a spectrogram is.</summary>
internal static class PngImage
{
    private const byte NoFilter = 0;

    /// <summary>Encodes an image.</summary>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="indices">[row, column] row-major, from the top left; each below the palette's length.</param>
    /// <param name="palette">Up to 256 colours.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> indices, IReadOnlyList<(byte Red, byte Green, byte Blue)> palette)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (palette.Count is < 1 or > 256)
        {
            throw new ArgumentException($"A palette has 1 to 256 colours, not {palette.Count}.", nameof(palette));
        }

        if (indices.Length != width * height || (palette.Count < 256 && indices.ContainsAnyInRange((byte)palette.Count, byte.MaxValue)))
        {
            throw new ArgumentException($"An image of {width} x {height} has {width * height} indices below {palette.Count}.", nameof(indices));
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (8, 3);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "PLTE"u8, [.. palette.SelectMany(c => new[] { c.Red, c.Green, c.Blue })]);
        Chunk(file, "IDAT"u8, Deflated(width, height, indices));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>CRC-32 of the PNG specification (annex D); of <c>IEND</c> it is ae426082.</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        const uint polynomial = 0xEDB88320;
        var crc = ~0u;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * polynomial);
            }
        }

        return ~crc;
    }

    private static byte[] Deflated(int width, int height, ReadOnlySpan<byte> indices)
    {
        using var bytes = new MemoryStream();
        using (var zlib = new ZLibStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                zlib.WriteByte(NoFilter);
                zlib.Write(indices.Slice(row * width, width));
            }
        }

        return bytes.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc([.. type, .. data]));
        file.Write(number);
    }
}
