using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>How much a resumed run had left, by its own words.</summary>
internal static partial class LostWork
{
    /// <summary>Steps that the resumed run began with; 0 where it says that there was no checkpoint.</summary>
    public static int StepsDone(IEnumerable<string> notes)
    {
        foreach (var note in notes)
        {
            if (Continuing().Match(note) is { Success: true } match)
                return int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }
        return 0;
    }

    [GeneratedRegex(@"^Continuing from checkpoint \S+: (\d+) steps done\.")]
    private static partial Regex Continuing();
}
