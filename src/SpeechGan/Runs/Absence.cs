using SpeechGan.Runs.Rows;

namespace SpeechGan.Runs;

/// <summary>Why something was not measured, by the JSON name of the value; names in ordinal order so that equal records are equal
/// lines.</summary>
public static class Absence
{
    /// <summary>Nothing is absent.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = Ordered<string>([]);

    /// <summary>One absent value with its reason.</summary>
    public static IReadOnlyDictionary<string, string> Of(string name, string reason) => Ordered<string>([new(name, reason)]);

    internal static IReadOnlyDictionary<string, T> Ordered<T>(IEnumerable<KeyValuePair<string, T>> entries)
    {
        if (entries is OrderedMap<T> ordered)
            return ordered;

        var copy = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in entries)
        {
            copy[name] = value;
        }

        return copy;
    }
}
