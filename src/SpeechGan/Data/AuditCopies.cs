using System.Globalization;

namespace SpeechGan.Data;

/// <summary>What only the pairs together show: noisy sides under another utterance's name, and the same audio twice, within a part or
/// between parts.</summary>
internal static class AuditCopies
{
    // Of noisy sides that hold no part of their clean side, as many are looked up, each among as many others: each with each would take
    // hours in a corpus of ten thousand. A noisy side is as long as what it was made of: those of the nearest length are looked through.
    private const int MostLookedUp = 200,
        MostUnrelated = 30,
        MostOthers = 20;

    /// <summary>Findings over all pairs.</summary>
    /// <param name="pairs">All pairs that could be read.</param>
    /// <param name="options">Workers and the end.</param>
    /// <param name="late">Whether the time is over: owners of further noisy sides are not looked up.</param>
    /// <param name="done">Told after each noisy side that was looked up with the number done and of all.</param>
    public static IEnumerable<AuditFinding> Findings(
        IReadOnlyList<PairAudit> pairs,
        ParallelOptions options,
        Func<bool> late,
        Action<int, int> done
    ) => [.. Swapped(pairs, options, late, done), .. Copies(pairs, p => p.Clean, "clean"), .. Copies(pairs, p => p.Noisy, "noisy")];

    private static AuditFinding[] Swapped(IReadOnlyList<PairAudit> pairs, ParallelOptions options, Func<bool> late, Action<int, int> done)
    {
        PairAudit[] unrelated = [.. pairs.Where(p => p.Unrelated && p.Clean.Peak > 0 && p.Noisy.Peak > 0)];
        var found = new AuditFinding[unrelated.Length];
        int count = 0;
        Parallel.For(0, unrelated.Length, options, i =>
        {
            PairAudit pair = unrelated[i];
            found[i] = Finding(pair, i < MostLookedUp && !late() ? Owner(pair, unrelated, pairs, late, options.CancellationToken) : null);
            done(Interlocked.Increment(ref count), unrelated.Length);
        });
        return found;
    }

    private static PairAudit? Owner(
        PairAudit pair,
        PairAudit[] unrelated,
        IReadOnlyList<PairAudit> pairs,
        Func<bool> late,
        CancellationToken stop
    )
    {
        float[] noisy = Beginning(pair.Noisy);
        int rate = pair.Noisy.SampleRate;
        // Most often two were exchanged with each other: these are looked through first, then the part.
        return noisy.Length == 0 ? null : Nearest(unrelated, MostUnrelated).Concat(Nearest(pairs, MostOthers)).FirstOrDefault(Owns);

        IEnumerable<PairAudit> Nearest(IReadOnlyList<PairAudit> among, int most) =>
            among
                .Where(o => o.Split == pair.Split && o.Name != pair.Name && o.Clean.SampleRate == rate)
                .OrderBy(o => Math.Abs(o.Clean.Samples - pair.Noisy.Samples))
                .Take(most);

        bool Owns(PairAudit other)
        {
            stop.ThrowIfCancellationRequested();
            return !late() && PairAlignment.OfRecordings(Beginning(other.Clean), noisy, rate)?.Correlation > AuditLimits.Related;
        }
    }

    private static AuditFinding Finding(PairAudit pair, PairAudit? owner) =>
        new()
        {
            Kind = owner is null ? "unrelated" : "swapped",
            Level = AuditLevel.Fault,
            Split = pair.Split,
            Name = pair.Name,
            Observed = pair.Alignment!.Correlation,
            Allowed = AuditLimits.Unrelated,
            Sentence =
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pair.Split}/{pair.Name}: its noisy side does not hold its clean side (correlation "
                        + $"{pair.Alignment.Correlation:0.##} at best)"
                )
                + (
                    owner is null
                        ? ": it belongs to another recording, or holds nothing but noise."
                        : $": it is the noisy side of {owner.Name}."
                ),
        };

    // Read a moment ago; a file that cannot be read any more owns nothing.
    private static float[] Beginning(SideMeasures side)
    {
        try
        {
            return SideMeasures.BeginningOf(side.Path);
        }
        catch (AudioFileException)
        {
            return [];
        }
    }

    private static IEnumerable<AuditFinding> Copies(IReadOnlyList<PairAudit> pairs, Func<PairAudit, SideMeasures> side, string word)
    {
        foreach (var copies in pairs.Where(p => side(p).Peak > 0).GroupBy(p => side(p).Content).Where(g => g.Count() > 1))
        {
            PairAudit[] all = [.. copies];
            string[] splits = [.. all.Select(p => p.Split).Distinct()];
            var names = CorpusFolder.List([.. all.Select(p => $"{p.Split}/{p.Name}")]);
            if (splits.Length > 1)
            {
                yield return Copy(
                    "leak",
                    AuditLevel.Fault,
                    all[1],
                    all.Length,
                    $"the {word} sides of {names} are the same recording: what is trained on is tested on"
                );
                continue;
            }
            // One clean recording with several noises is a usual way to make a corpus.
            yield return Copy(
                "duplicate",
                word == "clean" ? AuditLevel.Note : AuditLevel.Fault,
                all[1],
                all.Length,
                $"the {word} sides of {names} are the same recording"
            );
        }
    }

    private static AuditFinding Copy(string kind, AuditLevel level, PairAudit pair, int count, string sentence) =>
        new()
        {
            Kind = kind,
            Level = level,
            Split = pair.Split,
            Name = pair.Name,
            Observed = count,
            Allowed = 1,
            Sentence = char.ToUpperInvariant(sentence[0]) + sentence[1..] + ".",
        };
}
