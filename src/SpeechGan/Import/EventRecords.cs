using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>A scalar of an event file.</summary>
/// <param name="Step">Step it was written at.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="Value">Its value; NaN and infinity are kept.</param>
internal readonly record struct EventValue(long Step, string Tag, double Value);

/// <summary>
/// What an event file of TensorBoard holds, whoever wrote it: PyTorch and this program write <c>simple_value</c>, TensorFlow 2 a tensor of
/// one element. Fields by tensorflow/core/util/event.proto, framework/summary.proto and framework/tensor.proto.
/// </summary>
/// <param name="Values">Scalars in the file's order.</param>
/// <param name="Starts"> Steps at which a session starts: what stands in front of it from this step on is void; with the number of values
/// read before.</param>
/// <param name="FirstTime">Wall time of the first record, seconds since 1970.</param>
/// <param name="Problem">Why reading ended early, a sentence; null where the file is whole.</param>
internal sealed record EventRecords(
    IReadOnlyList<EventValue> Values,
    IReadOnlyList<(long Step, int Before)> Starts,
    double? FirstTime,
    string? Problem
)
{
    private const int HeaderBytes = 12,
        FooterBytes = 4,
        LongestTag = 500;
    private const int Float = 1,
        Double = 2,
        Int32 = 3,
        Int64 = 9;

    /// <summary>Whether bytes begin as an event file does: a record whose length has the right checksum.</summary>
    public static bool Knows(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes
        && MaskedCrc32C.Of(bytes[..8]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])
        && BinaryPrimitives.ReadUInt64LittleEndian(bytes) < 1 << 20;

    /// <summary>Reads as far as records are whole and sound.</summary>
    /// <param name="name">Name of the file, for the sentence.</param>
    /// <param name="bytes">Its bytes.</param>
    public static EventRecords Read(string name, ReadOnlyMemory<byte> bytes)
    {
        var values = new List<EventValue>();
        var starts = new List<(long, int)>();
        double? first = null;
        var rest = bytes;
        for (var number = 1; rest.Length > 0; number++)
        {
            var at = bytes.Length - rest.Length;
            string Ended(string what) =>
                string.Create(CultureInfo.InvariantCulture, $"'{name}': record {number}, at byte {at}, {what}; {Before(number - 1)}.");
            if (rest.Length < HeaderBytes)
                return new EventRecords(values, starts, first, Ended("is cut off"));

            var length = BinaryPrimitives.ReadUInt64LittleEndian(rest.Span);
            if (MaskedCrc32C.Of(rest.Span[..8]) != BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[8..]))
                return new EventRecords(values, starts, first, Ended("has a length whose checksum (CRC) is wrong"));

            if (length > (ulong)(rest.Length - HeaderBytes) || (ulong)(rest.Length - HeaderBytes) - length < FooterBytes)
                return new EventRecords(values, starts, first, Ended("is cut off"));

            var data = rest.Slice(HeaderBytes, (int)length);
            if (MaskedCrc32C.Of(data.Span) != BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[(HeaderBytes + (int)length)..]))
                return new EventRecords(values, starts, first, Ended("has data whose checksum (CRC) is wrong"));

            try
            {
                Event(data.ToArray(), values, starts, ref first);
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException or ArgumentException)
            {
                return new EventRecords(values, starts, first, Ended("is no event"));
            }

            rest = rest[(HeaderBytes + (int)length + FooterBytes)..];
        }

        return new EventRecords(values, starts, first, null);
    }

    private static string Before(int records) =>
        records switch
        {
            0 => "nothing stands before it",
            1 => "the record before it was used",
            _ => string.Create(CultureInfo.InvariantCulture, $"the {records} records before it were used"),
        };

    private static void Event(byte[] data, List<EventValue> values, List<(long, int)> starts, ref double? first)
    {
        using var input = new CodedInputStream(data);
        long step = 0;
        double? time = null;
        byte[]? summary = null;
        var start = false;
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (tag)
            {
                case (1 << 3) | 1:
                    time = input.ReadDouble();
                    break;
                case 2 << 3:
                    step = input.ReadInt64();
                    break;
                case (5 << 3) | 2:
                    summary = input.ReadBytes().ToByteArray();
                    break;
                case (7 << 3) | 2:
                    start |= IsStart(input.ReadBytes().ToByteArray());
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        first ??= time;
        if (start)
            starts.Add((step, values.Count));

        if (summary is not null)
            Summary(summary, step, values);
    }

    private static bool IsStart(byte[] data)
    {
        using var input = new CodedInputStream(data);
        var status = 0;
        while (input.ReadTag() is not 0 and var tag)
        {
            if (tag == 1 << 3)
                status = input.ReadEnum();
            else
                input.SkipLastField();
        }

        return status == 1;
    }

    private static void Summary(byte[] data, long step, List<EventValue> values)
    {
        using var input = new CodedInputStream(data);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (tag != ((1 << 3) | 2))
            {
                input.SkipLastField();
                continue;
            }

            using var value = new CodedInputStream(input.ReadBytes().ToByteArray());
            string? name = null;
            double? number = null;
            while (value.ReadTag() is not 0 and var field)
            {
                switch (field)
                {
                    case (1 << 3) | 2:
                        name = value.ReadString();
                        break;
                    case (2 << 3) | 5:
                        number = value.ReadFloat();
                        break;
                    case (8 << 3) | 2:
                        number ??= Tensor(value.ReadBytes().ToByteArray());
                        break;
                    default:
                        value.SkipLastField();
                        break;
                }
            }

            if (name is { Length: > 0 and <= LongestTag } && number is { } found)
                values.Add(new EventValue(step, name, found));
        }
    }

    // A tensor of one number; null for any other.
    private static double? Tensor(byte[] data)
    {
        using var input = new CodedInputStream(data);
        var type = 0;
        var found = new List<double>();
        byte[]? raw = null;
        while (input.ReadTag() is not 0 and var tag)
        {
            switch (tag)
            {
                case 1 << 3:
                    type = input.ReadEnum();
                    break;
                case (4 << 3) | 2:
                    raw = input.ReadBytes().ToByteArray();
                    break;
                case (5 << 3) | 5:
                    found.Add(input.ReadFloat());
                    break;
                case (6 << 3) | 1:
                    found.Add(input.ReadDouble());
                    break;
                case 7 << 3:
                    found.Add(input.ReadInt32());
                    break;
                case 10 << 3:
                    found.Add(input.ReadInt64());
                    break;
                case (5 << 3) | 2 or (6 << 3) | 2:
                    var packed = input.ReadBytes().ToByteArray();
                    found.AddRange(
                        tag >> 3 == 5 && packed.Length == 4 ? [BitConverter.ToSingle(packed)]
                        : tag >> 3 == 6 && packed.Length == 8 ? [BitConverter.ToDouble(packed)]
                        : []
                    );
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return (type, raw, found.Count) switch
        {
            (_, null, 1) => found[0],
            (Float, { Length: 4 }, 0) => BitConverter.ToSingle(raw),
            (Double, { Length: 8 }, 0) => BitConverter.ToDouble(raw),
            (Int32, { Length: 4 }, 0) => BitConverter.ToInt32(raw),
            (Int64, { Length: 8 }, 0) => BitConverter.ToInt64(raw),
            _ => null,
        };
    }
}
