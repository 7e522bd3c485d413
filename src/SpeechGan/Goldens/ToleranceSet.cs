using System.Globalization;
using System.Text;

namespace SpeechGan.Goldens;

/// <summary>
/// The tolerances that goldens were approved with, once for all that share them: a file <c>DIGEST.tolerances.txt</c> beside the goldens,
/// named by the digest of its text. A golden of format 3 names the
/// digest; so its approval holds its tolerances as it did when each golden carried a copy, and a set that was changed by hand is seen.
/// </summary>
internal static class ToleranceSet
{
    /// <summary>End of the files' names.</summary>
    public const string Ending = ".tolerances.txt";

    private const string Title = "SpeechGan golden tolerance set, format 1";
    private const int DigestLength = 16;

    /// <summary>The text: a value a line, with its cause.</summary>
    public static string Write(Tolerances tolerances)
    {
        var text = new StringBuilder();
        text.Append(Title).Append('\n');
        foreach (var tolerance in tolerances.All)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{tolerance.Name} {tolerance.Allowed:R}: {tolerance.Cause.ReplaceLineEndings(" ").Trim()}\n"
            );

        return text.ToString();
    }

    /// <summary>The digest that names a set.</summary>
    public static string DigestOf(Tolerances tolerances) => GoldenHistory.DigestOf(Write(tolerances))[..DigestLength];

    /// <summary>Whether a word can be such a digest.</summary>
    public static bool IsDigest(string word) => word.Length == DigestLength && word.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads a set.</summary>
    /// <param name="text">Contents of the file.</param>
    /// <param name="digest">The digest that it is named by.</param>
    /// <param name="source">Its path, for the sentences.</param>
    /// <exception cref="GoldenException">It is not the text of this digest.</exception>
    public static Tolerances Parse(string text, string digest, string source)
    {
        if (GoldenHistory.DigestOf(text)[..DigestLength] != digest || !text.StartsWith(Title + "\n", StringComparison.Ordinal))
            throw new GoldenException(
                $"{source}: SHA-256 mismatch: the set of tolerances is not the one that was approved under this name; it was changed "
                    + $"by hand or cut off. Restore it from version control."
            );

        return new Tolerances
        {
            All =
            [
                .. text[(Title.Length + 1)..]
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line =>
                        line.Split(": ", 2) is [var head, { Length: > 0 } cause]
                        && head.Split(' ') is [var name, var word]
                        && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var allowed)
                            ? new Tolerance(name, allowed, cause)
                            : throw new GoldenException(
                                $"{source}: expected 'NAME NUMBER: CAUSE', found '{line}'. Restore it from version control."
                            )
                    ),
            ],
        };
    }
}
