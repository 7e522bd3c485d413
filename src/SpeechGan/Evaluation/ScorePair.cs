using SpeechGan.Data;

namespace SpeechGan.Evaluation;

/// <summary>Two files to be scored against each other.</summary>
/// <param name="Name">The reference's file name without its ending.</param>
/// <param name="Reference">Path of the clean file.</param>
/// <param name="Degraded">Path of the noisy or enhanced file.</param>
public sealed record ScorePair(string Name, string Reference, string Degraded);

/// <summary>A file that has no score, and why.</summary>
/// <param name="Name">Its name without its ending.</param>
/// <param name="Reason">A sentence.</param>
public sealed record UnscorableFile(string Name, string Reason);

/// <summary>The pairs of two paths, and the files that found no partner.</summary>
/// <param name="Pairs">In natural order of their names.</param>
/// <param name="Alone">Files without a partner of the same name, and names that stand for several files.</param>
public sealed record ScorePairs(IReadOnlyList<ScorePair> Pairs, IReadOnlyList<UnscorableFile> Alone)
{
    /// <summary>
    /// Two files are a pair whatever their names; a file and a folder, or two folders, are paired by name without ending.
    /// </summary>
    /// <exception cref="CorpusException">A path does not exist or cannot be listed, or there is no pair at all.</exception>
    public static ScorePairs Find(string reference, string degraded)
    {
        if (File.Exists(reference) && File.Exists(degraded))
            return new ScorePairs([new(NameOf(reference), reference, degraded)], []);
        ILookup<string, string> references = Files(reference),
            degradeds = Files(degraded);
        var pairs = new List<ScorePair>();
        var alone = new List<UnscorableFile>();
        // A single file asks for its own pair only; what else lies in the folder is no orphan.
        IEnumerable<string> names =
            File.Exists(reference) ? references.Select(g => g.Key)
            : File.Exists(degraded) ? degradeds.Select(g => g.Key)
            : references.Select(g => g.Key).Union(degradeds.Select(g => g.Key));
        foreach (string name in names.Order(NaturalOrder.Instance))
        {
            string[] left = [.. references[name]],
                right = [.. degradeds[name]];
            if (left.Length == 1 && right.Length == 1)
                pairs.Add(new ScorePair(name, left[0], right[0]));
            else if (left.Length == 0)
                alone.Add(new UnscorableFile(name, $"{right[0]} has no partner of that name in {reference}."));
            else if (right.Length == 0)
                alone.Add(new UnscorableFile(name, $"{left[0]} has no partner of that name in {degraded}."));
            else
                alone.Add(
                    new UnscorableFile(
                        name,
                        $"{string.Join(" and ", left.Length > 1 ? left : right)} share a name, which may stand for one file only."
                    )
                );
        }

        return pairs.Count > 0
            ? new ScorePairs(pairs, alone)
            : throw new CorpusException(
                degraded,
                $"has no file that could be paired with one of {reference}: files are paired by name without ending. "
                    + (alone.Count > 0 ? alone[0].Reason : $"No audio file ({string.Join(", ", AudioFile.Extensions)}) is there.")
            );
    }

    private static ILookup<string, string> Files(string path)
    {
        if (File.Exists(path))
            return new[] { path }.ToLookup(NameOf, StringComparer.Ordinal);
        if (!Directory.Exists(path))
            throw new CorpusException(path, "does not exist. Name a file or a folder of files.");
        try
        {
            // Names with a leading dot are the system's own ("._p232_001.wav" on macOS).
            return Directory
                .GetFiles(path)
                .Where(f =>
                    !Path.GetFileName(f).StartsWith('.')
                    && AudioFile.Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)
                )
                .Order(NaturalOrder.Instance)
                .ToLookup(NameOf, StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException(path, $"cannot be listed: {error.Message}", error);
        }
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
