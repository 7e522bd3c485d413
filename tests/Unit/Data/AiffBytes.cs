using System.Buffers.Binary;
using System.Text;
using NAudio.Utils;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>Builds AIFF files byte by byte, right ones and wrong ones.</summary>
internal sealed record AiffBytes
{
    public int Channels { get; init; } = 1;
    public double Rate { get; init; } = 16_000;
    public int Bits { get; init; } = 16;
    public string? Compression { get; init; }
    public byte[] Data { get; init; } = [];
    public uint? Frames { get; init; }
    public uint? DataSize { get; init; }
    public byte[] Skipped { get; init; } = [];
    public byte[] Before { get; init; } = [];

    public static byte[] Chunk(string id, byte[] body, uint? size = null) =>
        [.. Encoding.ASCII.GetBytes(id), .. Word(size ?? (uint)body.Length), .. body, .. body.Length % 2 == 1 ? new byte[1] : []];

    public static byte[] Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public byte[] ToArray()
    {
        uint frames = Frames ?? (uint)(Data.Length / Math.Max(1, Channels * Bits / 8));
        byte[] common =
        [
            (byte)(Channels >> 8),
            (byte)Channels,
            .. Word(frames),
            (byte)(Bits >> 8),
            (byte)Bits,
            .. IEEE.ConvertToIeeeExtended(Rate),
            .. Compression is null ? Array.Empty<byte>() : [.. Encoding.ASCII.GetBytes(Compression), 0, 0],
        ];
        byte[] body =
        [
            .. Encoding.ASCII.GetBytes(Compression is null ? "AIFF" : "AIFC"),
            .. Before,
            .. Chunk("COMM", common),
            .. Chunk("SSND", [.. Word((uint)Skipped.Length), .. Word(0), .. Skipped, .. Data], DataSize),
        ];
        return [.. "FORM"u8, .. Word((uint)body.Length), .. body];
    }
}
