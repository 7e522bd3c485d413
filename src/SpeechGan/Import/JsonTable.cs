using System.Text;
using System.Text.Json;

namespace SpeechGan.Import;

/// <summary>A JSON object a line, as wandb's and many trainers' own exports are; objects inside become names with strokes
/// (<c>valid/pesq</c>).</summary>
internal static class JsonTable
{
    private const int Deepest = 8;
    private static readonly string[] Bare = ["NaN", "-Infinity", "Infinity"];

    /// <summary>Whether a text begins with an object.</summary>
    public static bool Knows(SourceText text) => text.Text.AsSpan().TrimStart() is ['{', ..] or ['[', ..];

    /// <summary>Reads it.</summary>
    /// <exception cref="ImportException">Hardly a line is an object, or no name is known.</exception>
    public static ForeignRecord Read(SourceText text, IReadOnlyList<string> asked)
    {
        if (text.Text.AsSpan().TrimStart() is ['[', ..])
            throw new ImportException(
                $"'{text.Name}' is one JSON list; an object a line was expected. Write one a line, for example " + $"with: jq -c '.[]'.",
                text.Path
            );

        var rows = new List<TableRow>();
        var columns = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        var bad = new List<string>();
        for (var i = 0; i < text.Lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(text.Lines[i]))
                continue;

            try
            {
                using var document = JsonDocument.Parse(Quoted(text.Lines[i]), new JsonDocumentOptions { MaxDepth = Deepest });
                var cells = new Dictionary<string, string>(StringComparer.Ordinal);
                Flatten(document.RootElement, "", cells);
                foreach (var name in cells.Keys)
                    columns.TryAdd(name, columns.Count);

                rows.Add(new TableRow(i + 1, cells));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                bad.Add($"{text.At(i + 1)}: {(i == text.Lines.Length - 1 ? "the last line is cut off" : e.Message.Split('.')[0].Trim())}");
            }
        }

        if (rows.Count <= bad.Count)
            throw new ImportException(
                $"{(rows.Count + bad.Count == 1 ? "The one line" : $"{bad.Count} of {rows.Count + bad.Count} lines")} of "
                    + $"'{text.Name}' "
                    + $"{(bad.Count == 1 ? "is no JSON object" : "are no JSON objects")}"
                    + $"{(bad.Count > 0 ? $" (first: {bad[0]})" : "")}. Give a file with an object a line, for example {{\"epoch\": "
                    + $"2, \"loss\": 0.1098, \"pesq\": 2.64}}.",
                text.Path
            );

        return new TableSource(
            [.. columns.Keys],
            rows,
            bad.Count > 0 ? [$"Lines that are not JSON objects and were left out: {bad.Count} (first: {bad[0]})."] : []
        ).Record(text, $"the JSON lines '{text.Name}'", asked);
    }

    private static void Flatten(JsonElement element, string prefix, Dictionary<string, string> cells)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new JsonException("it is no object");

        foreach (var property in element.EnumerateObject())
        {
            var name = prefix.Length == 0 ? property.Name : $"{prefix}/{property.Name}";
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Flatten(property.Value, name, cells);
                    break;
                case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                    cells[name] = property.Value.GetRawText();
                    break;
                case JsonValueKind.String:
                    cells[name] = property.Value.GetString()!;
                    break;
            }
        }
    }

    // Python writes NaN and Infinity bare, which JSON does not know.
    private static string Quoted(string line)
    {
        if (!Bare.Any(b => line.Contains(b, StringComparison.Ordinal)))
            return line;

        var text = new StringBuilder(line.Length + 16);
        var inside = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (!inside && Bare.FirstOrDefault(b => string.CompareOrdinal(line, i, b, 0, b.Length) == 0) is { } word)
            {
                text.Append('"').Append(word).Append('"');
                i += word.Length - 1;
                continue;
            }

            if (line[i] == '\\' && inside && i + 1 < line.Length)
                text.Append(line[i++]);
            else if (line[i] == '"')
                inside = !inside;

            text.Append(line[i]);
        }

        return text.ToString();
    }
}
