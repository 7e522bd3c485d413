using System.Globalization;

namespace SpeechGan.Data;

/// <summary>
/// The same recording in two parts though no two files hold the same samples: cut, scaled, shifted, or with its sign turned. Envelopes
/// choose what may be alike, the samples decide.
/// </summary>
internal static class AuditLikeness
{
    /// <summary>Name of its findings.</summary>
    public const string Kind = "alike";

    private const int MostNamed = 50;

    /// <summary>Looks through every clean side of a part against every clean side of the parts before it.</summary>
    /// <param name="pairs">All pairs that could be read.</param>
    /// <param name="options">Workers and the end.</param>
    /// <param name="late">Whether the time is over: what is left is left out.</param>
    /// <param name="memory">What was compared before; null: nothing.</param>
    /// <param name="done">Told after each clean side with the number done and of all.</param>
    /// <returns>What was found, and how many pairs of recordings were not compared.</returns>
    public static (IReadOnlyList<AuditFinding> Findings, long LeftOut) Findings(
        IReadOnlyList<PairAudit> pairs,
        ParallelOptions options,
        Func<bool> late,
        AuditMemory? memory,
        Action<int, int> done
    )
    {
        string[] splits = [.. pairs.Select(p => p.Split).Distinct()];
        var found = new List<AuditFinding>();
        long leftOut = 0;
        Recording[] sounding = [.. pairs.Where(p => p.Clean.Peak > 0).Select(p => new Recording(p))];
        int all = sounding.Count(r => r.Pair.Split != splits[0]),
            count = 0;
        for (var part = 1; part < splits.Length; part++)
        {
            Recording[] before = [.. sounding.Where(r => Array.IndexOf(splits, r.Pair.Split) < part)];
            PairAudit[] later = [.. sounding.Where(r => r.Pair.Split == splits[part]).Select(r => r.Pair)];
            var set = ContentSet.Of(before.Select(r => r.Pair.Clean.Content));
            Parallel.For(0, later.Length, options, i =>
            {
                var (alike, missed) = Row(new Recording(later[i]), before, set, memory, late, options.CancellationToken);
                Interlocked.Add(ref leftOut, missed);
                lock (found)
                    found.AddRange(alike);
                done(Interlocked.Increment(ref count), all);
            });
        }
        return ([.. found.OrderBy(f => f.Sentence, StringComparer.Ordinal).Take(MostNamed)], leftOut);
    }

    // One recording against all before it; what was compared before is taken from memory.
    private static (IReadOnlyList<AuditFinding> Found, int Missed) Row(
        Recording one,
        Recording[] before,
        ContentSet set,
        AuditMemory? memory,
        Func<bool> late,
        CancellationToken stop
    )
    {
        var known = memory?.Compared(one.Pair.Clean.Content);
        var alike = new Dictionary<string, Alike>(StringComparer.Ordinal);
        var found = new List<AuditFinding>();
        for (var k = 0; k < before.Length; k++)
        {
            stop.ThrowIfCancellationRequested();
            PairAudit other = before[k].Pair;
            if (!Comparable(other, one.Pair))
                continue;
            Alike? likeness;
            if (known is { } row && row.With.Contains(other.Clean.Content))
                likeness = row.Found.FirstOrDefault(f => f.Content == other.Clean.Content);
            else if (late())
                return (found, before.Skip(k).Count(r => Comparable(r.Pair, one.Pair)));
            else
                likeness = Of(before[k], one);
            if (likeness is null)
                continue;
            alike[other.Clean.Content] = likeness;
            found.Add(Finding(other, one.Pair, likeness));
        }
        memory?.Keep(one.Pair.Clean.Content, set, [.. alike.Values]);
        return (found, 0);
    }

    private static bool Comparable(PairAudit one, PairAudit other) =>
        one.Clean.SampleRate == other.Clean.SampleRate && one.Clean.Content != other.Clean.Content;

    private static Alike? Of(Recording one, Recording other)
    {
        SummedEnvelope a = one.Envelope,
            b = other.Envelope;
        int least = (int)Math.Min(AuditLimits.LeastAlike * Envelope.Rate, Math.Min(a.Length, b.Length));
        if (
            least < AuditLimits.ShortestSeconds * Envelope.Rate
            || Envelope.Compare(a, b, least) is not { } envelope
            || envelope.Correlation < AuditLimits.AlikeEnvelopes
        )
            return null;
        int rate = one.Pair.Clean.SampleRate;
        double best;
        try
        {
            best = SampleLikeness.Of(
                SideMeasures.BeginningOf(one.Pair.Clean.Path),
                other.Beginning,
                rate,
                envelope.Lag * (rate / Envelope.Rate)
            );
        }
        catch (AudioFileException)
        {
            return null; // it could be read a moment ago; the next audit tells what is wrong with it
        }
        return best < AuditLimits.Alike ? null : new Alike(one.Pair.Clean.Content, envelope.Lag, best);
    }

    private static AuditFinding Finding(PairAudit one, PairAudit other, Alike likeness) =>
        new()
        {
            Kind = Kind,
            Level = AuditLevel.Fault,
            Split = other.Split,
            Name = other.Name,
            Observed = likeness.Correlation,
            Allowed = AuditLimits.Alike,
            Sentence = string.Create(
                CultureInfo.InvariantCulture,
                $"{other.Split}/{other.Name} is {one.Split}/{one.Name} cut, scaled or shifted: their clean sides correlate by "
                    + $"{likeness.Correlation:0.###} at a lag of {(double)likeness.Lag / Envelope.Rate:0.##} s."
            ),
        };

    private sealed class Recording(PairAudit pair)
    {
        public PairAudit Pair => pair;

        public SummedEnvelope Envelope { get; } = new(pair.Clean.Envelope);

        /// <summary>Read when it is first asked for: some recordings of the parts before sound like it.</summary>
        public float[] Beginning => field ??= SideMeasures.BeginningOf(pair.Clean.Path);
    }
}
