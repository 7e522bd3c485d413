using System.Globalization;

namespace SpeechGan.Import;

/// <summary>Reads a number as trainers print them. What is not one is told and never guessed.</summary>
internal static class NumberText
{
    private const int Longest = 64;

    /// <summary>Reads it; NaN and infinity are numbers here.</summary>
    /// <param name="text">The text.</param>
    /// <param name="value">The number.</param>
    /// <param name="why">Why it is none, the end of a sentence without its full stop; empty where it is one.</param>
    public static bool TryRead(ReadOnlySpan<char> text, out double value, out string why)
    {
        text = text.Trim();
        why = "";
        if (Special(text) is { } special)
        {
            value = special;
            return true;
        }

        if (
            text.Length <= Longest
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value)
        )
            return true;

        value = 0;
        var shown = Shown(text);
        why = $"'{shown}' {WhyNot(text)}";
        return false;
    }

    private static string WhyNot(ReadOnlySpan<char> text)
    {
        const string other = "is not a number";
        if (text.Length > Longest || !text.Contains(','))
            return other;
        var plain = text.ToString().Replace(",", "", StringComparison.Ordinal);
        if (text.Contains('.') && IsNumber(plain))
            return $"has a thousands separator; write {plain}";
        return text.Count(',') == 1 && IsNumber(text.ToString().Replace(',', '.'))
            ? "may have a decimal comma or a thousands separator; write numbers with a point and without separators"
            : other;
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>A text that is fit for a sentence.</summary>
    public static string Shown(ReadOnlySpan<char> text)
    {
        const int most = 40;
        var part = text.Length > most ? text[..most] : text;
        return string.Concat(part.ToString().Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))
            + (text.Length > most ? "..." : "");
    }

    private static double? Special(ReadOnlySpan<char> text)
    {
        var negative = text.Length > 0 && text[0] == '-';
        var word = text.TrimStart("+-");
        if (word.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return double.NaN;
        if (word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            if (negative)
                return double.NegativeInfinity;
            return double.PositiveInfinity;
        }
        return null;
    }
}
