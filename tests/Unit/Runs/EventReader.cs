using System.Buffers.Binary;
using System.Text;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>An event of an event file as a reader sees it.</summary>
internal sealed record ReadEvent(
    double WallTime,
    long Step,
    string? Version,
    int? SessionStatus,
    IReadOnlyDictionary<string, float> Scalars
);

/// <summary>
/// Reads TensorBoard's event files with nothing of the writer: a CRC table of its own, a protocol-buffer parser of its own. Stops in front
/// of the first record that is cut short, as TensorBoard does; a record whose checksum is wrong is an error.
/// </summary>
internal static class EventReader
{
    private static readonly uint[] Table =
    [
        .. Enumerable
            .Range(0, 256)
            .Select(n =>
            {
                var c = (uint)n;
                for (var k = 0; k < 8; k++)
                    c = (c & 1) != 0 ? 0x82F63B78 ^ (c >> 1) : c >> 1;
                return c;
            }),
    ];

    public static IReadOnlyList<ReadEvent> Read(byte[] file)
    {
        var events = new List<ReadEvent>();
        var rest = file.AsSpan();
        while (rest.Length >= 12)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            Masked(rest[..8]).Should().Be(BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]), "the length's checksum");
            if ((ulong)rest.Length < 16 + length)
                break;
            var data = rest.Slice(12, (int)length);
            Masked(data).Should().Be(BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + (int)length)..]), "the data's checksum");
            events.Add(Event(data.ToArray()));
            rest = rest[(16 + (int)length)..];
        }

        return events;
    }

    /// <summary>What a TensorBoard shows of a folder: a start drops what came before from its step on.</summary>
    public static SortedDictionary<long, float> Shown(IEnumerable<string> files, string tag)
    {
        var shown = new SortedDictionary<long, float>();
        foreach (var e in files.Order(StringComparer.Ordinal).SelectMany(f => Read(File.ReadAllBytes(f))))
        {
            if (e.SessionStatus == 1)
                foreach (var step in shown.Keys.Where(s => s >= e.Step).ToList())
                    shown.Remove(step);
            if (e.Scalars.TryGetValue(tag, out var value))
                shown.Add(e.Step, value); // throws where a step is there twice
        }

        return shown;
    }

    private static ReadEvent Event(byte[] data)
    {
        double wall = 0;
        long step = 0;
        string? version = null;
        int? status = null;
        var scalars = new Dictionary<string, float>();
        foreach (var (field, value) in Fields(data))
        {
            switch (field)
            {
                case 1:
                    wall = BitConverter.ToDouble((byte[])value);
                    break;
                case 2:
                    step = (long)(ulong)value;
                    break;
                case 3:
                    version = Encoding.UTF8.GetString((byte[])value);
                    break;
                case 5:
                    foreach (var (_, scalar) in Fields((byte[])value))
                    {
                        var parts = Fields((byte[])scalar).ToDictionary(f => f.Field, f => f.Value);
                        scalars.Add(Encoding.UTF8.GetString((byte[])parts[1]), BitConverter.ToSingle((byte[])parts[2]));
                    }

                    break;
                case 7:
                    status = (int)(ulong)Fields((byte[])value).Single(f => f.Field == 1).Value;
                    break;
                default:
                    throw new InvalidDataException($"field {field}");
            }
        }

        return new ReadEvent(wall, step, version, status, scalars);
    }

    private static List<(int Field, object Value)> Fields(byte[] data)
    {
        var fields = new List<(int, object)>();
        for (var at = 0; at < data.Length; )
        {
            var key = Varint(data, ref at);
            object value;
            switch (key & 7)
            {
                case 0:
                    value = Varint(data, ref at);
                    break;
                case 1:
                    value = Take(data, ref at, 8);
                    break;
                case 2:
                    value = Take(data, ref at, (int)Varint(data, ref at));
                    break;
                case 5:
                    value = Take(data, ref at, 4);
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }

            fields.Add(((int)(key >> 3), value));
        }

        return fields;
    }

    private static byte[] Take(byte[] data, ref int at, int count)
    {
        at += count;
        return data[(at - count)..at];
    }

    private static ulong Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(data[at] & 0x7F) << shift;
            if ((data[at++] & 0x80) == 0)
                return value;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFF;
        foreach (var b in bytes)
            crc = Table[(crc ^ b) & 0xFF] ^ (crc >> 8);
        crc ^= 0xFFFFFFFF;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
