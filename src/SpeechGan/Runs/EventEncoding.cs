using System.Buffers.Binary;
using System.Text;

namespace SpeechGan.Runs;

/// <summary>A number of a run under the tag TensorBoard shows it by.</summary>
/// <param name="Tag">For example <c>loss/total</c>: what stands before the stroke is the group.</param>
/// <param name="Value">Finite; the file holds it as a 32-bit float.</param>
public readonly record struct EventScalar(string Tag, double Value);

/// <summary>
/// Bytes of TensorBoard's event files: records of (length, masked CRC of it, data, masked CRC of that), the data an <c>Event</c> in protocol-buffer
/// form. The handful of fields is written by hand: Event.wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7; Summary.value = 1;
/// Value.tag = 1, simple_value = 2; SessionLog.status = 1 (tensorflow/core/util/event.proto, framework/summary.proto).
/// </summary>
internal static class EventEncoding
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    /// <summary>The first record of every file.</summary>
    public static byte[] Version(double wallTime) => Record(Event(wallTime, 0, e => Text(e, 3, "brain.Event:2")));

    /// <summary>A start at a step: readers drop what earlier files hold from this step on, so that a resumed run shows no step twice.</summary>
    public static byte[] Start(double wallTime, long firstStep) => Record(Event(wallTime, firstStep, e => Nested(e, 7, log =>
    {
        Key(log, 1, Varint);
        Number(log, 1); // SessionLog.START
    })));

    /// <summary>The scalars of one step.</summary>
    public static byte[] Scalars(double wallTime, long step, IEnumerable<EventScalar> scalars) => Record(Event(wallTime, step, e => Nested(e, 5, summary =>
    {
        foreach (var scalar in scalars)
        {
            Nested(summary, 1, value =>
            {
                Text(value, 1, scalar.Tag);
                Key(value, 2, Fixed32);
                Span<byte> bits = stackalloc byte[sizeof(float)];
                BinaryPrimitives.WriteSingleLittleEndian(bits, (float)scalar.Value);
                value.Write(bits);
            });
        }
    })));

    private static byte[] Event(double wallTime, long step, Action<MemoryStream> rest)
    {
        using var stream = new MemoryStream();
        Key(stream, 1, Fixed64);
        Span<byte> bits = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bits, wallTime);
        stream.Write(bits);
        Key(stream, 2, Varint);
        Number(stream, (ulong)step);
        rest(stream);
        return stream.ToArray();
    }

    private static byte[] Record(ReadOnlySpan<byte> data)
    {
        var record = new byte[sizeof(ulong) + sizeof(uint) + data.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc32C.Of(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc32C.Of(data));
        return record;
    }

    private static void Nested(MemoryStream stream, int field, Action<MemoryStream> write)
    {
        using var inner = new MemoryStream();
        write(inner);
        Key(stream, field, Bytes);
        Number(stream, (ulong)inner.Length);
        inner.WriteTo(stream);
    }

    private static void Text(MemoryStream stream, int field, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Key(stream, field, Bytes);
        Number(stream, (ulong)bytes.Length);
        stream.Write(bytes);
    }

    private static void Key(MemoryStream stream, int field, int wire) => Number(stream, (ulong)((field << 3) | wire));

    private static void Number(MemoryStream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
