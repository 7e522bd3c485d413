using System.Buffers.Binary;
using System.Text;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>Builds WAV files byte by byte, right ones and wrong ones.</summary>
internal sealed record WavBytes
{
    public int Code { get; init; } = 1;
    public int Channels { get; init; } = 1;
    public uint Rate { get; init; } = 16_000;
    public int Bits { get; init; } = 16;
    public int? BlockAlign { get; init; }
    public bool Extensible { get; init; }
    public byte[] Data { get; init; } = [];
    public uint? DataSize { get; init; }
    public byte[] BeforeFormat { get; init; } = [];
    public byte[] BeforeData { get; init; } = [];
    public byte[] Behind { get; init; } = [];
    public string Riff { get; init; } = "RIFF";
    public string Wave { get; init; } = "WAVE";

    public static byte[] Chunk(string id, byte[] body) =>
        [.. Encoding.ASCII.GetBytes(id), .. Word((uint)body.Length), .. body, .. body.Length % 2 == 1 ? new byte[1] : []];

    public static byte[] Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Half(int value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] Shorts(params short[] samples) => [.. samples.SelectMany(s => Half(s))];

    public byte[] ToArray()
    {
        int align = BlockAlign ?? Channels * Bits / 8;
        byte[] format =
        [
            .. Half(Extensible ? 0xFFFE : Code),
            .. Half(Channels),
            .. Word(Rate),
            .. Word(Rate * (uint)align),
            .. Half(align),
            .. Half(Bits),
        ];
        if (Extensible)
            format =
            [
                .. format,
                .. Half(22),
                .. Half(Bits),
                .. Word(0),
                .. Half(Code),
                0,
                0,
                0,
                0,
                0x10,
                0,
                0x80,
                0,
                0,
                0xAA,
                0,
                0x38,
                0x9B,
                0x71,
            ];
        byte[] data =
        [
            .. Encoding.ASCII.GetBytes("data"),
            .. Word(DataSize ?? (uint)Data.Length),
            .. Data,
            .. Data.Length % 2 == 1 ? new byte[1] : [],
        ];
        byte[] body = [.. Encoding.ASCII.GetBytes(Wave), .. BeforeFormat, .. Chunk("fmt ", format), .. BeforeData, .. data, .. Behind];
        return [.. Encoding.ASCII.GetBytes(Riff), .. Word((uint)body.Length), .. body];
    }
}
