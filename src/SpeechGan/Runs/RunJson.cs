using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechGan.Runs;

/// <summary>
/// JSON of a run folder: camelCase, absent values left out, enum words kebab-case, unknown fields ignored (older and newer
/// records are read), numbers shortest round-trip. NaN and infinity are refused by the writer: they are never a measurement.
/// </summary>
public static class RunJson
{
    /// <summary>One record a line.</summary>
    public static JsonSerializerOptions Line { get; } = Make(indented: false);

    /// <summary>A file to be read by people.</summary>
    public static JsonSerializerOptions Document { get; } = Make(indented: true);

    /// <summary>Refuses null in a list: the deserialiser watches over members and not over the elements of lists, and no list of a record
    /// has a place for null.</summary>
    /// <exception cref="JsonException">There is one, or it is not valid JSON.</exception>
    internal static void RefuseNullInLists(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        var lists = new Stack<bool>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    lists.Push(reader.TokenType == JsonTokenType.StartArray);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    lists.Pop();
                    break;
                case JsonTokenType.Null when lists.TryPeek(out var inList) && inList:
                    throw new JsonException("a list holds null");
            }
        }
    }

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
            NewLine = "\n",
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
