using System.Buffers.Binary;
using Google.Protobuf;
using static Google.Protobuf.WireFormat.WireType;

namespace SpeechGan.Runs;

/// <summary>A number of a run under the tag TensorBoard shows it by.</summary>
/// <param name="Tag">For example <c>loss/total</c>: what stands before the stroke is the group.</param>
/// <param name="Value">Finite; the file holds it as a 32-bit float.</param>
public readonly record struct EventScalar(string Tag, double Value);

/// <summary>
/// Bytes of TensorBoard's event files: records of (length, masked CRC of it, data, masked CRC of that), the data an <c>Event</c> in
/// protocol-buffer form. Its handful of fields: Event.wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7;
/// Summary.value = 1;
/// Value.tag = 1, simple_value = 2; SessionLog.status = 1 (tensorflow/core/util/event.proto, framework/summary.proto).
/// </summary>
internal static class EventEncoding
{
    private const int SessionStart = 1;

    /// <summary>The first record of every file.</summary>
    public static byte[] Version(double wallTime) => Record(wallTime, 0, e => Text(e, 3, "brain.Event:2"));

    /// <summary>A start at a step: readers drop what earlier files hold from this step on, so that a resumed run shows no step
    /// twice.</summary>
    public static byte[] Start(double wallTime, long firstStep) => Record(wallTime, firstStep, e => Nested(e, 7, log =>
            {
                log.WriteTag(1, Varint);
                log.WriteEnum(SessionStart);
            }));

    /// <summary>The scalars of one step.</summary>
    public static byte[] Scalars(double wallTime, long step, IEnumerable<EventScalar> scalars) =>
        Record(wallTime, step, e => Nested(e, 5, summary =>
            {
                foreach (var scalar in scalars)
                    Nested(summary, 1, value =>
                    {
                        Text(value, 1, scalar.Tag);
                        value.WriteTag(2, Fixed32);
                        value.WriteFloat((float)scalar.Value);
                    });
            }));

    private static byte[] Record(double wallTime, long step, Action<CodedOutputStream> rest)
    {
        var data = Message(e =>
        {
            e.WriteTag(1, Fixed64);
            e.WriteDouble(wallTime);
            e.WriteTag(2, Varint);
            e.WriteInt64(step);
            rest(e);
        });
        var record = new byte[sizeof(ulong) + sizeof(uint) + data.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc32C.Of(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc32C.Of(data));
        return record;
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using var coded = new CodedOutputStream(stream);
        write(coded);
        coded.Flush();
        return stream.ToArray();
    }

    private static void Nested(CodedOutputStream outer, int field, Action<CodedOutputStream> write)
    {
        outer.WriteTag(field, LengthDelimited);
        outer.WriteBytes(UnsafeByteOperations.UnsafeWrap(Message(write)));
    }

    private static void Text(CodedOutputStream outer, int field, string text)
    {
        outer.WriteTag(field, LengthDelimited);
        outer.WriteString(text);
    }
}
