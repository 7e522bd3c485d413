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

    private static readonly JsonFields Step = new(
        "epoch",
        "step",
        "batch",
        "loss",
        "discriminatorLoss",
        "gradientNorm",
        "sampleCount",
        "scored",
        "masked",
        "discriminatorStepped",
        "generatorUpdate",
        "discriminatorUpdate",
        "samples",
        "reducedBytes",
        "unavailable",
        "sources",
        "seconds"
    );
    private static readonly JsonFields Loss = new("ri", "magnitude", "time", "gan", "total");
    private static readonly JsonFields Norms = new("ri", "magnitude", "time", "gan", "generator", "discriminator");
    private static readonly JsonFields Update = new("norm", "rate", "parameters", "still", "changedBefore", "digest");
    private static readonly JsonFields Sample = new(
        "name",
        "pesq",
        "masked",
        "discriminator",
        "discriminatorOfClean",
        "target",
        "start",
        "input"
    );
    private static readonly JsonFields Inputs = new(
        "cleanLevel",
        "noisyLevel",
        "cleanMean",
        "noisyMean",
        "cleanPeak",
        "noisyPeak",
        "lag",
        "correlation",
        "unshifted",
        "rangeGained"
    );

    private readonly ReadOnlySpan<byte> _a,
        _b;
    private Utf8JsonReader _x,
        _y;
    private int _count;

    private StepLinePair(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        _a = a;
        _b = b;
        _x = new Utf8JsonReader(a);
        _y = new Utf8JsonReader(b);
    }

    /// <summary>Whether both are the same but for wall times, byte by byte: then no value differs. False does not say that one does.</summary>
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
        count = counted ? pair._count : 0;
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
        if (!_x.Read() || !_y.Read())
            return false;
        var next = 0;
        var seen = 0u;
        while (Property(Step, ref next, ref seen, out var field))
        {
            var before = _count;
            if (!Value(field))
                return false;
            if (_count > before && leftOut.Count > 0 && leftOut.Contains(Step[field]))
                _count = before;
        }
        return _x.TokenType == JsonTokenType.EndObject && _y.TokenType == JsonTokenType.EndObject;
    }

    private bool Value(int field) =>
        Step[field] switch
        {
            "loss" => Fields(Loss),
            "gradientNorm" => Fields(Norms),
            "generatorUpdate" or "discriminatorUpdate" => Fields(Update),
            "samples" => Samples(),
            "masked" or "unavailable" or "sources" => AreSameObjects(),
            "seconds" or "reducedBytes" => _x.TrySkip() && _y.TrySkip(),
            _ => Single(),
        };

    // The next property of both, which then stand on its value; false at the end of the objects, and where the two are not alike.
    private bool Property(JsonFields fields, ref int next, ref uint seen, out int field)
    {
        field = JsonFields.Odd;
        if (
            !_x.Read()
            || !_y.Read()
            || _x.TokenType != JsonTokenType.PropertyName
            || _y.TokenType != JsonTokenType.PropertyName
            || !_x.ValueSpan.SequenceEqual(_y.ValueSpan)
        )
            return false;
        field = fields.Find(ref _x, ref next, ref seen);
        return field >= 0 && _x.Read() && _y.Read();
    }

    private bool Fields(JsonFields fields)
    {
        if (_x.TokenType != JsonTokenType.StartObject || _y.TokenType != JsonTokenType.StartObject)
            return false;
        var next = 0;
        var seen = 0u;
        while (Property(fields, ref next, ref seen, out var field))
            if (!(ReferenceEquals(fields, Sample) && field == Input ? Fields(Inputs) : Single()))
                return false;
        return _x.TokenType == JsonTokenType.EndObject && _y.TokenType == JsonTokenType.EndObject;
    }

    private bool Samples()
    {
        if (_x.TokenType != JsonTokenType.StartArray || _y.TokenType != JsonTokenType.StartArray)
            return false;
        while (_x.Read() && _y.Read())
        {
            if (_x.TokenType == JsonTokenType.EndArray || _y.TokenType == JsonTokenType.EndArray)
                return _x.TokenType == _y.TokenType;
            if (!Fields(Sample))
                return false;
        }
        return false;
    }

    // Numbers and texts that are written differently may still be one value ("1.0" and "1", escapes): those are not judged here.
    private bool Single()
    {
        switch (_x.TokenType, _y.TokenType)
        {
            case (JsonTokenType.Number, JsonTokenType.Number):
                if (_x.ValueSpan.SequenceEqual(_y.ValueSpan))
                    return true;
                _count++;
                return _x.GetDouble() != _y.GetDouble();
            case (JsonTokenType.String, JsonTokenType.String):
                if (_x.ValueSpan.SequenceEqual(_y.ValueSpan))
                    return true;
                _count++;
                return !_x.ValueIsEscaped && !_y.ValueIsEscaped;
            case (JsonTokenType.True or JsonTokenType.False, JsonTokenType.True or JsonTokenType.False):
                _count += _x.TokenType == _y.TokenType ? 0 : 1;
                return true;
            default:
                return false;
        }
    }

    private bool AreSameObjects()
    {
        var (fromX, fromY) = ((int)_x.TokenStartIndex, (int)_y.TokenStartIndex);
        return _x.TrySkip() && _y.TrySkip() && _a[fromX..(int)_x.BytesConsumed].SequenceEqual(_b[fromY..(int)_y.BytesConsumed]);
    }
}
