using System.Text.Json;

namespace SpeechGan.Configuration;

/// <summary>How names are written in JSON and on the command line, and which known name a mistyped one is closest to.</summary>
public static class Spelling
{
    /// <summary><c>TrainCutSeconds</c> as <c>trainCutSeconds</c>.</summary>
    public static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary><c>DropBatch</c> as <c>drop-batch</c>.</summary>
    public static string KebabCase(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>The known name nearest to a mistyped one, or null where none is near: a wrong suggestion is worse than none.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(known);
        if (name.Length > 100)
            return null;

        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            // A knob is often named by its last part alone: `batchSize` for `data.batchSize`.
            var tail = candidate[(candidate.LastIndexOf('.') + 1)..];
            var nameTail = name[(name.LastIndexOf('.') + 1)..];
            var distance = Math.Min(2 * Distance(name, candidate), (2 * Distance(nameTail, tail)) + 1);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        return bestDistance <= Math.Max(4, 2 * name.Length / 3) ? best : null;
    }

    // Levenshtein distance, letters compared without case.
    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            previous[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + change);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
