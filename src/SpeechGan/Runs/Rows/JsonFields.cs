using System.Text;
using System.Text.Json;

namespace SpeechGan.Runs.Rows;

/// <summary>The fields of a JSON object by their place in a list, looked for from the one after the last that was found: writers keep their
/// order.</summary>
internal sealed class JsonFields(params string[] names)
{
    /// <summary>No field of the list.</summary>
    public const int Unknown = -1;

    /// <summary>A name that is written with escapes, or a field that comes twice: left to the deserialiser.</summary>
    public const int Odd = -2;

    private readonly byte[][] known = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The name of a field.</summary>
    public string this[int place] => names[place];

    /// <summary>The bit of a field in what was seen.</summary>
    public static uint Bit(int place) => 1u << place;

    /// <summary>The place of the property that the reader stands on.</summary>
    /// <param name="reader">Stands on a property's name.</param>
    /// <param name="next">Where to look first; 0 at the beginning of an object.</param>
    /// <param name="seen">Fields seen so far, a bit each; 0 at the beginning of an object.</param>
    public int Find(ref Utf8JsonReader reader, ref int next, ref uint seen)
    {
        if (reader.ValueIsEscaped)
            return Odd;

        var name = reader.ValueSpan;
        for (var i = 0; i < known.Length; i++)
        {
            var at = next + i < known.Length ? next + i : next + i - known.Length;
            if (name.SequenceEqual(known[at]))
            {
                var twice = (seen & Bit(at)) != 0;
                seen |= Bit(at);
                next = at + 1 == known.Length ? 0 : at + 1;
                return twice ? Odd : at;
            }
        }

        return Unknown;
    }

    /// <summary>Whether the value that the reader stands on can be passed over: a number, a truth value, or plain text.</summary>
    public static bool IsPlain(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False || IsText(ref reader);

    /// <summary>Whether the reader stands on text without escapes and of ASCII alone.</summary>
    public static bool IsText(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && Ascii.IsValid(reader.ValueSpan);

    /// <summary>The number that the reader stands on.</summary>
    public static bool Double(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value);
    }

    /// <summary>The whole number that the reader stands on.</summary>
    public static bool Int(ref Utf8JsonReader reader, out int value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out value);
    }

    /// <summary>The whole number that the reader stands on.</summary>
    public static bool Long(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value);
    }

    /// <summary>The truth value that the reader stands on.</summary>
    public static bool Bool(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False;
    }

    /// <summary>The place of the text that the reader stands on.</summary>
    public static bool Name(ref Utf8JsonReader reader, NameTable names, out int place)
    {
        const int Longest = 256;
        place = -1;
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || reader.ValueSpan.Length > Longest)
            return false;

        Span<char> text = stackalloc char[Longest];
        place = names.Place(text[..reader.CopyString(text)]);
        return true;
    }

    /// <summary>An object of numbers, written to their places.</summary>
    public bool Numbers(ref Utf8JsonReader reader, scoped Span<double> into)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var next = 0;
        var seen = 0u;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = Find(ref reader, ref next, ref seen);
            reader.Read();
            if (at == Odd || (at == Unknown ? !IsPlain(ref reader) : !Double(ref reader, out into[at])))
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>An object of numbers that are not wanted: every number of JSON can be read as one.</summary>
    public bool AreNumbers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var next = 0;
        var seen = 0u;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = Find(ref reader, ref next, ref seen);
            reader.Read();
            if (at == Odd || (at == Unknown ? !IsPlain(ref reader) : reader.TokenType != JsonTokenType.Number))
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>An object whose values are plain text; tells whether a key is among them, and how many there are.</summary>
    public static bool Texts(ref Utf8JsonReader reader, ReadOnlySpan<byte> key, out bool has, out int count)
    {
        (has, count) = (false, 0);
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped || !Ascii.IsValid(reader.ValueSpan))
                return false;

            has |= reader.ValueSpan.SequenceEqual(key);
            count++;
            if (!reader.Read() || !IsText(ref reader))
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }
}
