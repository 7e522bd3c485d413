using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>The lines of a golden's text that hold its performance: <c>performance NAME NUMBER allowed SHARE: CAUSE</c>, with <c>none</c>
/// where no bound was measured, and <c>performance NAME absent: REASON</c>.</summary>
internal static class GoldenPerformanceText
{
    /// <summary>How each line begins.</summary>
    public const string Begin = "performance ";

    private const string NoBound = "none",
        AllowedWord = "allowed",
        AbsentWord = "absent";

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(GoldenPerformance performance) =>
        performance
            .Figures.Select(f =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Begin}{f.Name} {f.Value:R} {AllowedWord} {f.Allowed?.ToString("R", CultureInfo.InvariantCulture) ?? NoBound}: "
                ) + OneLine(f.Cause)
            )
            .Concat(performance.Unavailable.Select(u => $"{Begin}{u.Key} {AbsentWord}: {OneLine(u.Value)}"));

    /// <summary>Adds a line to what was read.</summary>
    /// <returns>What is known then; null where the line is no such line, or tells of a name twice.</returns>
    public static GoldenPerformance? Add(GoldenPerformance before, string line)
    {
        if (line.Split(": ", 2) is not [var head, { Length: > 0 } text] || head.Split(' ') is not [_, { Length: > 0 } name, .. var rest])
            return null;

        if (before.Figures.Any(f => f.Name == name) || before.Unavailable.ContainsKey(name))
            return null;

        return rest switch
        {
            [AbsentWord] => before with { Unavailable = new Dictionary<string, string>(before.Unavailable) { [name] = text } },
            [var value, AllowedWord, NoBound] when Number(value) is { } v => before with
            {
                Figures = [.. before.Figures, new PerformanceFigure(name, v, null, text)],
            },
            [var value, AllowedWord, var share] when Number(value) is { } v && Number(share) is { } s => before with
            {
                Figures = [.. before.Figures, new PerformanceFigure(name, v, s, text)],
            },
            _ => null,
        };
    }

    private static double? Number(string word) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
