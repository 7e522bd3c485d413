using System.Buffers.Binary;
using System.Numerics;

namespace SpeechGan.Runs;

/// <summary>The checksum of TensorBoard's records: CRC-32C (Castagnoli), rotated and shifted so that a checksum of data with checksums is
/// no trap.</summary>
internal static class MaskedCrc32C
{
    private const uint Delta = 0xa282ead8;

    public static uint Of(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc(bytes), 15) + Delta;

    /// <summary>CRC-32C; of <c>123456789</c> it is e3069283.</summary>
    internal static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));

        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);

        return ~crc;
    }
}
