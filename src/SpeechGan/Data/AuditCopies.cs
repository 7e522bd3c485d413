using System.Globalization;

namespace SpeechGan.Data;

/// <summary>What only the pairs together show: noisy sides under another utterance's name, and the same audio twice, within a part or
/// between parts.</summary>
internal static class AuditCopies
{
    // Of noisy sides that hold no part of their clean side, as many are looked up among all others.
    private const int MostLookedUp = 200;

    /// <summary>Findings over all pairs.</summary>
    /// <param name="pairs">All pairs that could be read.</param>
    /// <param name="options">Workers and the end.</param>
    /// <param name="late">Whether the time is over: owners of further noisy sides are not looked up.</param>
    public static IEnumerable<AuditFinding> Findings(IReadOnlyList<PairAudit> pairs, ParallelOptions options, Func<bool> late) =>
        [.. Swapped(pairs, options, late), .. Copies(pairs, p => p.Clean, "clean"), .. Copies(pairs, p => p.Noisy, "noisy")];

    private static AuditFinding[] Swapped(IReadOnlyList<PairAudit> pairs, ParallelOptions options, Func<bool> late)
    {
        PairAudit[] unrelated = [.. pairs.Where(p => p.Unrelated && p.Clean.Peak > 0 && p.Noisy.Peak > 0)];
        var found = new AuditFinding[unrelated.Length];
        Parallel.For(0, unrelated.Length, options, i =>
        {
            PairAudit pair = unrelated[i];
            // Most often two were exchanged with each other: these are looked through first, then the part.
            float[] noisy = i >= MostLookedUp || late() ? [] : Beginning(pair.Noisy);
            PairAudit? owner =
                noisy.Length == 0
                    ? null
                    : unrelated
                        .Concat(pairs)
                        .Where(o => o.Split == pair.Split && o.Name != pair.Name && o.Clean.SampleRate == pair.Noisy.SampleRate)
                        .FirstOrDefault(o =>
                            !late()
                            && PairAlignment.Of(Beginning(o.Clean), noisy, (int)(AuditLimits.LargestLag * o.Clean.SampleRate)) is { } a
                            && a.Correlation > AuditLimits.Related
                        );
            found[i] = new AuditFinding
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
        });
        return found;
    }

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
