using System.Collections.Concurrent;
using System.Diagnostics;
using SpeechGan.Dsp;

namespace SpeechGan.Data;

/// <summary>
/// Looks a corpus through before any training: every pair by itself (<c>silent</c>, <c>clipped</c>, <c>dc-offset</c>, <c>too-short</c>,
/// <c>other-rate</c>, <c>header</c>,
/// <c>several-channels</c>, <c>rates-differ</c>, <c>different-lengths</c>, <c>identical-sides</c>, <c>misaligned</c>,
/// <c>sides-exchanged</c>, <c>unreadable</c>,
/// <c>no-partner</c>) and all of them together (<c>swapped</c>, <c>unrelated</c>, <c>leak</c>, <c>alike</c>, <c>duplicate</c>,
/// <c>no-pairs</c>). It refuses nothing: what training would
/// refuse is a finding here.
/// </summary>
public static class CorpusAudit
{
    private static readonly string[] Parts = ["train", "valid", "test"];

    /// <summary>Audits a corpus.</summary>
    /// <param name="root">Folder with <c>train</c>, <c>valid</c> and <c>test</c>, or with <c>clean</c> and <c>noisy</c> themselves.</param>
    /// <param name="workers">Pairs that are read at once; at least 1.</param>
    /// <param name="done">Told how far it is, often and from several threads; may be null.</param>
    /// <param name="limit">After this time what is left is left out, and the report says how much; null: it takes as long as it takes.
    /// Pairs are read in an order of chance, so that those read stand for all.</param>
    /// <param name="memory">What was measured before, and where to keep what is measured now; null: all is read, nothing kept.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="CorpusException">There is no such folder, or it holds no pairs.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static AuditReport Run(
        string root,
        int workers = 2,
        Action<AuditProgress>? done = null,
        TimeSpan? limit = null,
        AuditMemory? memory = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        if (!Directory.Exists(root))
            throw new CorpusException(
                root,
                File.Exists(root) ? "is a file, and a corpus is a folder." : "does not exist. Name the folder that holds the corpus."
            );
        string full = Path.GetFullPath(root);
        var parts = PartsOf(root, full);
        List<AuditFinding> findings = [];
        List<(string Split, string Name, string Clean, string Noisy)> pairs = [];
        foreach (var (split, folder) in parts)
            pairs.AddRange(Find(split, folder, findings));
        var options = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop };
        var clock = Stopwatch.StartNew();
        bool Late() => clock.Elapsed > limit;
        int[] order = limit is null
            ? [.. Enumerable.Range(0, pairs.Count)]
            : CounterRandom.Permutation(pairs.Count, 1, CounterRandom.Stream("audit"), 0);
        var (read, leftOut) = Read(pairs, order, findings, done, memory, options, Late);
        findings.AddRange(AuditNotes.Gathered(read.SelectMany(p => p.Findings())));
        findings.AddRange(
            AuditCopies.Findings(read, options, Late, (one, of) =>
                done?.Invoke(new AuditProgress("looking up strange noisy sides", one, of))
            )
        );
        var (alike, notCompared) = AuditLikeness.Findings(read, options, Late, memory, (one, of) =>
            done?.Invoke(new AuditProgress("comparing the parts", one, of))
        );
        findings.AddRange(alike);
        long[] sizes = [.. parts.Select(p => (long)read.Count(r => r.Split == p.Split))];
        var products = ((sizes.Sum() * sizes.Sum()) - sizes.Sum(s => s * s)) / 2;
        return new AuditReport
        {
            Root = full,
            Fingerprint = CorpusFingerprint.Of(full),
            LeftOut = leftOut,
            Likeness = parts.Length < 2 ? null : new AuditedLikeness(products - notCompared, notCompared),
            Parts = [.. parts.Select(p => Summary(p.Split, [.. read.Where(r => r.Split == p.Split)]))],
            Findings =
            [
                .. findings
                    .OrderBy(f => f.Level)
                    .ThenBy(f => Array.FindIndex(parts, p => p.Split == f.Split))
                    .ThenBy(f => f.Kind, StringComparer.Ordinal)
                    .ThenBy(f => f.Name ?? "", NaturalOrder.Instance)
                    .ThenBy(f => f.Sentence, StringComparer.Ordinal),
            ],
        };
    }

    private static (string Split, string Folder)[] PartsOf(string root, string full)
    {
        (string Split, string Folder)[] parts = [.. Parts.Select(p => (p, Path.Combine(full, p))).Where(p => Directory.Exists(p.Item2))];
        if (parts.Length == 0 && Directory.Exists(Path.Combine(full, "clean")))
            parts = [(Path.GetFileName(full), full)];
        if (parts.Length == 0)
            throw new CorpusException(
                root,
                $"has none of the folders train/, valid/ and test/, nor clean/ and noisy/. A corpus is laid out as "
                    + $"{root}/train/clean/*.wav and {root}/train/noisy/*.wav."
            );
        return parts;
    }

    // The pairs that could be read within the time, and how many were left out.
    private static (PairAudit[] Read, int LeftOut) Read(
        List<(string Split, string Name, string Clean, string Noisy)> pairs,
        int[] order,
        List<AuditFinding> findings,
        Action<AuditProgress>? done,
        AuditMemory? memory,
        ParallelOptions options,
        Func<bool> isLate
    )
    {
        var audits = new PairAudit?[pairs.Count];
        var unreadable = new ConcurrentBag<AuditFinding>();
        int count = 0,
            leftOut = 0;
        Parallel.For(0, pairs.Count, options, place =>
        {
            if (isLate())
            {
                Interlocked.Increment(ref leftOut);
                return;
            }
            int i = order[place];
            var (split, name, clean, noisy) = pairs[i];
            try
            {
                audits[i] = Measured(split, name, clean, noisy, memory);
            }
            catch (AudioFileException error)
            {
                unreadable.Add(Finding("unreadable", split, name, error.Message));
            }
            done?.Invoke(new AuditProgress("reading pairs", Interlocked.Increment(ref count), pairs.Count));
        });
        findings.AddRange(unreadable);
        return ([.. audits.OfType<PairAudit>()], leftOut);
    }

    private static PairAudit Measured(string split, string name, string clean, string noisy, AuditMemory? memory)
    {
        if (memory is null)
            return PairAudit.Of(split, name, clean, noisy);
        // Before they are read: what changes meanwhile is read again the next time.
        FileState cleanState = FileState.Of(clean),
            noisyState = FileState.Of(noisy);
        if (memory.Find(split, name, cleanState, noisyState) is { } known)
            return known;
        PairAudit pair = PairAudit.Of(split, name, clean, noisy);
        memory.Keep(pair, cleanState, noisyState);
        return pair;
    }

    private static AuditedPart Summary(string split, PairAudit[] pairs)
    {
        long frames = pairs.Sum(p => (long)p.Clean.Frames.Count);
        return new AuditedPart(
            split,
            pairs.Length,
            pairs.Sum(p => p.Clean.Seconds),
            frames == 0 ? null : pairs.Sum(p => (p.Clean.SilentShare ?? 0) * p.Clean.Frames.Count) / frames
        )
        {
            Measures = PartMeasure.Of(pairs),
        };
    }

    private static List<(string Split, string Name, string Clean, string Noisy)> Find(
        string split,
        string folder,
        List<AuditFinding> findings
    )
    {
        Dictionary<string, string> clean = Files(Path.Combine(folder, "clean")),
            noisy = Files(Path.Combine(folder, "noisy"));
        foreach (string name in clean.Keys.Where(n => !noisy.ContainsKey(n)))
            findings.Add(Finding("no-partner", split, name, $"{split}/{name}: it is in clean/ and not in noisy/."));
        foreach (string name in noisy.Keys.Where(n => !clean.ContainsKey(n)))
            findings.Add(Finding("no-partner", split, name, $"{split}/{name}: it is in noisy/ and not in clean/."));
        string[] both = [.. clean.Keys.Where(noisy.ContainsKey).Order(NaturalOrder.Instance)];
        if (both.Length == 0)
            findings.Add(Finding("no-pairs", split, null, $"{split}: there is no pair in clean/ and noisy/."));
        return [.. both.Select(n => (split, n, clean[n], noisy[n]))];
    }

    // The system's own files ("._p232_001.wav") are none of the corpus. Of two files with one name the first counts.
    private static Dictionary<string, string> Files(string folder) =>
        !Directory.Exists(folder)
            ? []
            : Directory
                .GetFiles(folder)
                .Where(p =>
                    !Path.GetFileName(p).StartsWith('.')
                    && AudioFile.Extensions.Contains(Path.GetExtension(p), StringComparer.OrdinalIgnoreCase)
                )
                .Order(NaturalOrder.Instance)
                .GroupBy(p => Path.GetFileNameWithoutExtension(p))
                .ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);

    private static AuditFinding Finding(string kind, string split, string? name, string sentence) =>
        new()
        {
            Kind = kind,
            Level = AuditLevel.Fault,
            Split = split,
            Name = name,
            Sentence = sentence,
        };
}
