using System.Text.Json;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Comparison;

/// <summary>
/// Two lines of one step held against each other as bytes, without an object of them. Where they have the same fields in the same order, as
/// two records of one program mostly do, the values that differ are counted; anything else is left to <see cref="RecordedField"/>, which
/// alone says what a value is.
/// </summary>
internal ref struct StepLinePair
{
    private const int Input = 7; // in Sample

    private readonly ReadOnlySpan<byte> a,
        b;
    private Utf8JsonReader x,
        y;
    private int count;

    private StepLinePair(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        this.a = a;
        this.b = b;
        x = new Utf8JsonReader(a);
        y = new Utf8JsonReader(b);
    }

    /// <summary>Whether both are the same but for wall times, byte by byte: then no value differs. False does not say that one
    /// does.</summary>
    public static bool AreSame(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var shared = a.CommonPrefixLength(b);
        return (shared == a.Length && shared == b.Length) || (HeadOf(a) is var head && head > 0 && head <= shared && head == HeadOf(b));
    }

    /// <summary>Counts the values that differ, wall times and bytes of collectives left out.</summary>
    /// <param name="a">A line that was read as a step.</param>
    /// <param name="b">The other.</param>
    /// <param name="leftOut">Properties of the line that do not count.</param>
    /// <param name="count">How many differ.</param>
    /// <returns>False where the lines are not alike in form, or a value is written in an unusual way: nothing is counted then.</returns>
    public static bool TryCount(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, IReadOnlySet<string> leftOut, out int count)
    {
        var pair = new StepLinePair(a, b);
        var counted = pair.Lines(leftOut);
        count = counted ? pair.count : 0;
        return counted;
    }

    // Bytes before the wall times where these end the line, as the writer has them; 0 elsewhere. Quotes within a text are escaped, so that
    // the mark is none; the first brace after it closes the wall times, the second the line.
    private static int HeadOf(ReadOnlySpan<byte> line)
    {
        var mark = ",\"seconds\":{"u8;
        var at = line.LastIndexOf(mark);
        return at > 0 && line[(at + mark.Length)..].IndexOfAny((byte)'}', (byte)'{') is var end && at + mark.Length + end == line.Length - 2
            ? at
            : 0;
    }

    private bool Lines(IReadOnlySet<string> leftOut)
    {
        if (!x.Read() || !y.Read())
            return false;
        var next = 0;
        var seen = 0u;
        while (Property(StepFields.Step, ref next, ref seen, out var field))
        {
            var before = count;
            if (!Value(field))
                return false;
            if (count > before && leftOut.Count > 0 && leftOut.Contains(StepFields.Step[field]))
                count = before;
        }
        return x.TokenType == JsonTokenType.EndObject && y.TokenType == JsonTokenType.EndObject;
    }

    private bool Value(int field) =>
        StepFields.Step[field] switch
        {
            "loss" => Fields(StepFields.Loss),
            "gradientNorm" => Fields(StepFields.Norms),
            "generatorUpdate" or "discriminatorUpdate" => Fields(StepFields.Update),
            "samples" => Samples(),
            "masked" or "unavailable" or "sources" => AreSameObjects(),
            "seconds" or "reducedBytes" => x.TrySkip() && y.TrySkip(),
            _ => Single(),
        };

    // The next property of both, which then stand on its value; false at the end of the objects, and where the two are not alike.
    private bool Property(JsonFields fields, ref int next, ref uint seen, out int field)
    {
        field = JsonFields.Odd;
        if (
            !x.Read()
            || !y.Read()
            || x.TokenType != JsonTokenType.PropertyName
            || y.TokenType != JsonTokenType.PropertyName
            || !x.ValueSpan.SequenceEqual(y.ValueSpan)
        )
            return false;
        field = fields.Find(ref x, ref next, ref seen);
        return field >= 0 && x.Read() && y.Read();
    }

    private bool Fields(JsonFields fields)
    {
        if (x.TokenType != JsonTokenType.StartObject || y.TokenType != JsonTokenType.StartObject)
            return false;
        var next = 0;
        var seen = 0u;
        while (Property(fields, ref next, ref seen, out var field))
            if (!(ReferenceEquals(fields, StepFields.Sample) && field == Input ? Fields(StepFields.Input) : Single()))
                return false;
        return x.TokenType == JsonTokenType.EndObject && y.TokenType == JsonTokenType.EndObject;
    }

    private bool Samples()
    {
        if (x.TokenType != JsonTokenType.StartArray || y.TokenType != JsonTokenType.StartArray)
            return false;
        while (x.Read() && y.Read())
        {
            if (x.TokenType == JsonTokenType.EndArray || y.TokenType == JsonTokenType.EndArray)
                return x.TokenType == y.TokenType;
            if (!Fields(StepFields.Sample))
                return false;
        }
        return false;
    }

    // Numbers and texts that are written differently may still be one value ("1.0" and "1", escapes): those are not judged here.
    private bool Single()
    {
        switch (x.TokenType, y.TokenType)
        {
            case (JsonTokenType.Number, JsonTokenType.Number):
                if (x.ValueSpan.SequenceEqual(y.ValueSpan))
                    return true;
                count++;
                return x.GetDouble() != y.GetDouble();
            case (JsonTokenType.String, JsonTokenType.String):
                if (x.ValueSpan.SequenceEqual(y.ValueSpan))
                    return true;
                count++;
                return !x.ValueIsEscaped && !y.ValueIsEscaped;
            case (JsonTokenType.True or JsonTokenType.False, JsonTokenType.True or JsonTokenType.False):
                count += x.TokenType == y.TokenType ? 0 : 1;
                return true;
            default:
                return false;
        }
    }

    private bool AreSameObjects()
    {
        var (fromX, fromY) = ((int)x.TokenStartIndex, (int)y.TokenStartIndex);
        return x.TrySkip() && y.TrySkip() && a[fromX..(int)x.BytesConsumed].SequenceEqual(b[fromY..(int)y.BytesConsumed]);
    }
}
