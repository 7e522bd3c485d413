using System.Buffers.Binary;

namespace SpeechGan.Tools.Fuzz;

/// <summary>Changes inputs as AFL's havoc stage does: bits, telling numbers, parts missing, doubled or taken from another input.</summary>
internal sealed class Mutator(Random random)
{
    private const int Longest = 1 << 16;
    private static readonly uint[] Telling =
    [
        0,
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        17,
        32,
        40,
        64,
        0x7F,
        0x80,
        0xFF,
        0x100,
        0x7FFF,
        0x8000,
        0xFFFE,
        0xFFFF,
        0x10000,
        0x7F000000,
        0x7FFFF000,
        0x7FFFFFFF,
        0x80000000,
        0xFFFF1000,
        0xFFFFFFFE,
        0xFFFFFFFF,
    ];
    private static readonly string[] Words =
    [
        "null",
        "true",
        "-1",
        "1e999",
        "NaN",
        "\"\"",
        "{}",
        "[]",
        "[",
        "{\"",
        "\\u0000",
        "\n",
        "data",
        "fmt ",
        "LIST",
        "SSND",
        "COMM",
        "9223372036854775807",
        "0.1",
    ];

    /// <summary>A changed copy of one input, which may hold a part of another.</summary>
    public byte[] Change(byte[] input, byte[] other)
    {
        var bytes = input;
        for (var changes = 1 << random.Next(0, 5); changes > 0; changes--)
            bytes = One(ReferenceEquals(bytes, input) ? (byte[])input.Clone() : bytes, other);
        return bytes.Length <= Longest ? bytes : bytes[..Longest];
    }

    private byte[] One(byte[] bytes, byte[] other)
    {
        var at = random.Next(bytes.Length + 1);
        var to = random.Next(at, Math.Min(bytes.Length, at + 200) + 1);
        switch (random.Next(9))
        {
            case 0 when bytes.Length > 0:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1 when bytes.Length > 0:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2 when bytes.Length - at >= 4:
                var word = Telling[random.Next(Telling.Length)];
                BinaryPrimitives.WriteUInt32LittleEndian(
                    bytes.AsSpan(at),
                    random.Next(2) == 0 ? word : BinaryPrimitives.ReverseEndianness(word)
                );
                return bytes;
            case 3 when bytes.Length - at >= 2:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)Telling[random.Next(Telling.Length)]);
                return bytes;
            case 4:
                return [.. bytes[..at], .. bytes[to..]];
            case 5:
                return [.. bytes[..to], .. bytes[at..]];
            case 6:
                return bytes[..at];
            case 7:
                return [.. bytes[..at], .. System.Text.Encoding.ASCII.GetBytes(Words[random.Next(Words.Length)]), .. bytes[at..]];
            default:
                var from = random.Next(other.Length + 1);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + random.Next(200))], .. bytes[at..]];
        }
    }
}
