using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace SpeechGan.Configuration;

/// <summary>Reads and writes the value of one knob, from JSON and from <c>--set key=value</c>; a wrong type is never bent into a right
/// one.</summary>
internal static class KnobValue
{
    public static string NameOf(Type type)
    {
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(int) || type == typeof(long))
            return "a whole number";
        if (type == typeof(double))
            return "a number";
        return "a text";
    }

    /// <summary>Shortest text that reads back to the same value.</summary>
    public static string Print(object value) =>
        value switch
        {
            bool flag => flag ? "true" : "false",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            Enum word => Spelling.KebabCase(word.ToString()),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    public static bool TryRead(Knob knob, JsonElement json, [NotNullWhen(true)] out object? value)
    {
        value = null;
        var type = knob.Type;
        switch (json.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False when type == typeof(bool):
                value = json.GetBoolean();
                break;
            case JsonValueKind.Number when type == typeof(int) && json.TryGetInt32(out var number):
                value = number;
                break;
            case JsonValueKind.Number when type == typeof(long) && json.TryGetInt64(out var number):
                value = number;
                break;
            case JsonValueKind.Number when type == typeof(double) && json.TryGetDouble(out var number) && double.IsFinite(number):
                value = number;
                break;
            case JsonValueKind.String when type == typeof(string) || type.IsEnum:
                return TryText(json, out var text) && TryParse(knob, text, out value);
        }

        return value is not null;
    }

    public static bool TryParse(Knob knob, string text, [NotNullWhen(true)] out object? value)
    {
        value = null;
        var type = knob.Type;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool))
        {
            value = text switch
            {
                "true" => true,
                "false" => false,
                _ => null,
            };
        }
        else if (type == typeof(int))
        {
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(long))
        {
            value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(double))
        {
            value =
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? number
                    : null;
        }
        else
        {
            // Compared with the written words only, so that Enum's numbers and comma lists do not get in.
            var at = knob.Choices.ToList().IndexOf(text);
            value = at < 0 ? null : Enum.Parse(type, Enum.GetNames(type)[at]);
        }

        return value is not null;
    }

    // A JSON text may hold half a surrogate pair, which GetString refuses.
    public static bool TryText(JsonElement json, out string text)
    {
        try
        {
            text = json.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    public static void Write(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case long number:
                writer.WriteNumber(name, number);
                break;
            case double number:
                writer.WriteNumber(name, number);
                break;
            default:
                writer.WriteString(name, Print(value));
                break;
        }
    }
}
