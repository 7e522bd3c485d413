using System.Globalization;
using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>A value of a record line: its path (<c>gradientNorm.gan</c>, <c>samples[0].pesq</c>) and its text as JSON writes it. Equal
/// texts of numbers are equal bits.</summary>
/// <param name="Path">Path within the line.</param>
/// <param name="Text">The value.</param>
/// <param name="Number">The value where it is a number.</param>
internal readonly record struct RecordedField(string Path, string Text, double? Number)
{
    /// <summary>The only part of a record that two equal runs may differ in, and the bytes of collectives, which follow the number of
    /// processes.</summary>
    private static readonly HashSet<string> LeftOut = ["seconds", "reducedBytes"];

    /// <summary>All values of a record line, in its own order, wall times left out.</summary>
    public static IReadOnlyList<RecordedField> Of<T>(T line)
    {
        var fields = new List<RecordedField>();
        foreach (
            var property in JsonSerializer.SerializeToElement(line, RunJson.Line).EnumerateObject().Where(p => !LeftOut.Contains(p.Name))
        )
            Add(property.Name, property.Value);
        return fields;

        void Add(string path, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var inner in value.EnumerateObject())
                        Add($"{path}.{inner.Name}", inner.Value);
                    break;
                case JsonValueKind.Array:
                    var at = 0;
                    foreach (var inner in value.EnumerateArray())
                        Add(string.Create(CultureInfo.InvariantCulture, $"{path}[{at++}]"), inner);
                    break;
                default:
                    fields.Add(
                        new RecordedField(path, value.ToString(), value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null)
                    );
                    break;
            }
        }
    }

    /// <summary>First part of the path: the property of the line.</summary>
    public string Root => Path.Split('.', '[')[0];
}
