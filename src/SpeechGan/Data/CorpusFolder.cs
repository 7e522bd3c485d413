namespace SpeechGan.Data;

/// <summary>Finds the pairs of one folder that holds <c>clean/</c> and <c>noisy/</c>.</summary>
internal static class CorpusFolder
{
    private const int Listed = 5;

    internal static IReadOnlyList<Utterance> Open(string folder, CorpusOptions options, PairLoader loader, List<string> notes)
    {
        if (!Directory.Exists(folder))
            throw new CorpusException(
                folder,
                "does not exist. A part of a corpus is a folder with clean/ and noisy/, whose files have the same names."
            );
        string cleanFolder = Path.Combine(folder, "clean"),
            noisyFolder = Path.Combine(folder, "noisy");
        bool hasClean = Directory.Exists(cleanFolder),
            hasNoisy = Directory.Exists(noisyFolder);
        if (!hasClean || !hasNoisy)
        {
            string sentence =
                hasClean ? "has clean/ but no noisy/"
                : hasNoisy ? "has noisy/ but no clean/"
                : "has neither clean/ nor noisy/";
            throw new CorpusException(
                folder,
                $"{sentence}. Put the clean recordings into clean/ and the noisy ones, under the same names, into noisy/."
            );
        }

        SortedDictionary<string, string> clean = Files(cleanFolder),
            noisy = Files(noisyFolder);
        if (clean.Count == 0 && noisy.Count == 0)
            throw new CorpusException(
                folder,
                $"holds no audio files in clean/ and noisy/ ({string.Join(", ", AudioFile.Extensions.Select(e => "*" + e))}). Put the "
                    + $"pairs there."
            );
        RefuseOrphans(folder, clean, noisy);

        string[] names = [.. clean.Keys];
        var headers = Headers([.. names.Select(n => (clean[n], noisy[n]))], loader);
        var utterances = new List<Utterance>(names.Length);
        List<string> mismatches = [],
            told = [];
        foreach (var (name, header) in names.Zip(headers))
        {
            told.AddRange(header.Notes);
            if (header.Clean != header.Noisy)
                mismatches.Add($"{name} (clean {header.Clean}, noisy {header.Noisy})");
            long samples = Math.Min(header.Clean, header.Noisy);
            if (samples > Array.MaxLength)
                throw new AudioFileException(
                    clean[name],
                    $"would have {samples} samples at {options.SampleRate} Hz; up to {Array.MaxLength} are taken here. Split it."
                );
            utterances.Add(new Utterance(name, clean[name], noisy[name], (int)samples, loader));
        }
        TellMismatches(folder, mismatches, options, notes);
        notes.AddRange(told.Take(Listed));
        if (told.Count > Listed)
            notes.Add($"{folder} has {told.Count - Listed} more files like these; speechgan audit lists them all.");
        return utterances;
    }

    // Samples of both sides and what is to be told of them. A thread a processor: on most disks a header waits longer than it works. The
    // first pair that cannot be used is told, in their order.
    private static (long Clean, long Noisy, List<string> Notes)[] Headers((string Clean, string Noisy)[] pairs, PairLoader loader)
    {
        var headers = new (long, long, List<string>)[pairs.Length];
        var refused = new AudioFileException?[pairs.Length];
        Parallel.For(0, pairs.Length, (i, state) =>
        {
            if (state.LowestBreakIteration < i)
                return;
            List<string> notes = [];
            try
            {
                headers[i] = (loader.Samples(pairs[i].Clean, notes), loader.Samples(pairs[i].Noisy, notes), notes);
            }
            catch (AudioFileException error)
            {
                refused[i] = error;
                state.Break();
            }
        });
        return refused.FirstOrDefault(r => r is not null) is { } first ? throw first : headers;
    }

    private static SortedDictionary<string, string> Files(string folder)
    {
        var files = new SortedDictionary<string, string>(NaturalOrder.Instance);
        string[] paths;
        try
        {
            paths = Directory.GetFiles(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CorpusException(folder, $"cannot be listed: {error.Message}", error);
        }
        foreach (string path in paths)
        {
            string file = Path.GetFileName(path);
            // Names with a leading dot are the system's own ("._p232_001.wav" on macOS).
            if (file.StartsWith('.') || !AudioFile.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                continue;
            string name = Path.GetFileNameWithoutExtension(file);
            if (!files.TryAdd(name, path))
                throw new CorpusException(
                    folder,
                    $"holds {Path.GetFileName(files[name])} and {file}: a name may stand for one file only. Remove one of them."
                );
        }
        return files;
    }

    private static void RefuseOrphans(string folder, SortedDictionary<string, string> clean, SortedDictionary<string, string> noisy)
    {
        string[] cleanOnly = [.. clean.Keys.Where(name => !noisy.ContainsKey(name))];
        string[] noisyOnly = [.. noisy.Keys.Where(name => !clean.ContainsKey(name))];
        if (cleanOnly.Length + noisyOnly.Length == 0)
            return;
        List<string> sides = [];
        if (cleanOnly.Length > 0)
            sides.Add($"{cleanOnly.Length} in clean/ alone ({List(cleanOnly)})");
        if (noisyOnly.Length > 0)
            sides.Add($"{noisyOnly.Length} in noisy/ alone ({List(noisyOnly)})");
        throw new CorpusException(
            folder,
            $"has files without a partner: {string.Join(" and ", sides)}. Add the partners or remove these files."
        );
    }

    private static void TellMismatches(string folder, List<string> mismatches, CorpusOptions options, List<string> notes)
    {
        if (mismatches.Count == 0)
            return;
        string pairs =
            $"{mismatches.Count} pair(s) whose sides differ in length, in samples at {options.SampleRate} Hz: {List(mismatches)}";
        if (options.OnLengthMismatch == LengthMismatchPolicy.Refuse)
            throw new CorpusException(
                folder,
                $"has {pairs}. Align them; or, where only the end differs, allow --set data.onLengthMismatch=cut-to-shorter."
            );
        notes.Add($"{folder} has {pairs}. The longer sides are cut at the end.");
    }

    internal static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Listed)) + (names.Count > Listed ? $", and {names.Count - Listed} more" : "");
}
