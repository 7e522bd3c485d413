using System.Globalization;

namespace SpeechGan.Runs;

/// <summary>A number with its noun: <c>1 epoch</c>, <c>3 epochs</c>.</summary>
internal static class Counted
{
    /// <summary>The number and the noun that fits it.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">Noun of one.</param>
    /// <param name="many">Noun of any other number; null: with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
