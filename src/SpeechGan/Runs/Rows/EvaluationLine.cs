using System.Text.Json;

namespace SpeechGan.Runs.Rows;

/// <summary>Reads a line of <c>evaluations.jsonl</c> straight into cells, as <see cref="StepLine"/> does with steps.</summary>
internal static class EvaluationLine
{
    private const int Most = 64; // names in a set

    private static readonly JsonFields Line = new("epoch", "split", "name", "cutStart", "cutLength", "metrics", "unavailable", "sources");
    private static readonly uint Required = JsonFields.Bit(0) | JsonFields.Bit(1) | JsonFields.Bit(2) | JsonFields.Bit(5);

    /// <summary>Adds the evaluation of a line.</summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="packer">Takes the evaluation.</param>
    /// <returns>Whether it was added; nothing is where it was not.</returns>
    public static bool TryAdd(ReadOnlySpan<byte> line, EvaluationPacker packer)
    {
        var cells = packer.Begin();
        try
        {
            var reader = new Utf8JsonReader(line);
            if (reader.Read() && TryRead(ref reader, ref cells, packer) && !reader.Read())
            {
                packer.End(cells);
                return true;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or no text: the deserialiser says what it is.
        }

        packer.TakeBack();
        return false;
    }

    private static bool TryRead(ref Utf8JsonReader reader, ref EvaluationCells cells, EvaluationPacker packer)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        var next = 0;
        var seen = 0u;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Line.Find(ref reader, ref next, ref seen);
            reader.Read();
            var read = field switch
            {
                0 => JsonFields.Int(ref reader, out cells.Epoch),
                1 => JsonFields.Name(ref reader, packer.Names, out cells.Split),
                2 => JsonFields.Name(ref reader, packer.Names, out cells.Name),
                3 => Cut(ref reader, out cells.CutStart),
                4 => Cut(ref reader, out cells.CutLength),
                5 => Metrics(ref reader, ref cells, packer),
                6 => Texts(ref reader, packer, out cells.Unavailable, out cells.FirstUnavailable),
                7 => Texts(ref reader, packer, out cells.Sources, out cells.FirstSource),
                _ => field == JsonFields.Unknown && JsonFields.IsPlain(ref reader),
            };
            if (!read)
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject && (seen & Required) == Required;
    }

    private static bool Cut(ref Utf8JsonReader reader, out int? samples)
    {
        var read = JsonFields.Int(ref reader, out var value);
        samples = value;
        return read;
    }

    private static bool Metrics(ref Utf8JsonReader reader, ref EvaluationCells cells, EvaluationPacker packer)
    {
        Span<int> names = stackalloc int[Most];
        Span<double> values = stackalloc double[Most];
        var count = 0;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!Key(ref reader, packer.Names, names, count) || !reader.Read() || !JsonFields.Double(ref reader, out values[count]))
                return false;

            count++;
        }

        cells.Metrics = packer.Sets.Of(names[..count]);
        cells.FirstMetric = packer.Add(values[..count]);
        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool Texts(ref Utf8JsonReader reader, EvaluationPacker packer, out int set, out int first)
    {
        Span<int> names = stackalloc int[Most];
        Span<int> values = stackalloc int[Most];
        var count = 0;
        (set, first) = (-1, 0);
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (
                !Key(ref reader, packer.Names, names, count)
                || !reader.Read()
                || reader.TokenType != JsonTokenType.String
                || !JsonFields.Name(ref reader, packer.Names, out values[count])
            )
                return false;

            count++;
        }

        set = packer.Sets.Of(names[..count]);
        first = packer.Add(values[..count]);
        return reader.TokenType == JsonTokenType.EndObject;
    }

    // Keys come in ordinal order, as the writer has them; any other order, or one that comes twice, is the deserialiser's.
    private static bool Key(ref Utf8JsonReader reader, NameTable table, scoped Span<int> names, int count) =>
        count < Most
        && JsonFields.Name(ref reader, table, out names[count])
        && (count == 0 || string.CompareOrdinal(table[names[count - 1]], table[names[count]]) < 0);
}
