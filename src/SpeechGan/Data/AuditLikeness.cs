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
    /// <returns>What was found, and how many pairs of recordings were not compared.</returns>
    public static (IReadOnlyList<AuditFinding> Findings, long LeftOut) Findings(
        IReadOnlyList<PairAudit> pairs,
        ParallelOptions options,
        Func<bool> late
    )
    {
        string[] splits = [.. pairs.Select(p => p.Split).Distinct()];
        PairAudit[] later = [.. pairs.Where(p => p.Split != splits[0] && p.Clean.Peak > 0)];
        var found = new List<AuditFinding>();
        long leftOut = 0;
        Parallel.For(0, later.Length, options, i =>
        {
            PairAudit one = later[i];
            PairAudit[] others =
            [
                .. pairs.Where(p =>
                    Array.IndexOf(splits, p.Split) < Array.IndexOf(splits, one.Split)
                    && p.Clean.Peak > 0
                    && p.Clean.SampleRate == one.Clean.SampleRate
                    && p.Clean.Content != one.Clean.Content
                ),
            ];
            for (var k = 0; k < others.Length; k++)
            {
                if (late())
                {
                    Interlocked.Add(ref leftOut, others.Length - k);
                    return;
                }
                if (Of(others[k], one) is { } finding)
                    lock (found)
                        found.Add(finding);
            }
        });
        return ([.. found.OrderBy(f => f.Sentence, StringComparer.Ordinal).Take(MostNamed)], leftOut);
    }

    private static AuditFinding? Of(PairAudit one, PairAudit other)
    {
        float[] a = one.Clean.Envelope,
            b = other.Clean.Envelope;
        int least = (int)Math.Min(AuditLimits.LeastAlike * Envelope.Rate, Math.Min(a.Length, b.Length));
        if (
            least < AuditLimits.ShortestSeconds * Envelope.Rate
            || Envelope.Compare(a, b, least) is not { } envelope
            || envelope.Correlation < AuditLimits.AlikeEnvelopes
        )
            return null;
        float[] first,
            second;
        try
        {
            (first, second) = (SideMeasures.BeginningOf(one.Clean.Path), SideMeasures.BeginningOf(other.Clean.Path));
        }
        catch (AudioFileException)
        {
            return null; // it could be read a moment ago; the next audit tells what is wrong with it
        }
        int hop = one.Clean.SampleRate / Envelope.Rate;
        double best = 0;
        for (var lag = (envelope.Lag - 1) * hop; lag <= (envelope.Lag + 1) * hop; lag++)
        {
            // Two seconds decide.
            int from = Math.Max(1, 1 - lag),
                length = Math.Min(Math.Min(first.Length - from, second.Length - from - lag), 2 * one.Clean.SampleRate);
            if (length > 0)
                best = Math.Max(best, Math.Abs(Similarity(first, from, second, from + lag, length)));
        }
        if (best < AuditLimits.Alike)
            return null;
        return new AuditFinding
        {
            Kind = Kind,
            Level = AuditLevel.Fault,
            Split = other.Split,
            Name = other.Name,
            Observed = best,
            Allowed = AuditLimits.Alike,
            Sentence = string.Create(
                CultureInfo.InvariantCulture,
                $"{other.Split}/{other.Name} is {one.Split}/{one.Name} cut, scaled or shifted: their clean sides correlate by "
                    + $"{best:0.###} at a lag of {(double)envelope.Lag / Envelope.Rate:0.##} s."
            ),
        };
    }

    // Correlation of the differences of neighbours: speech's slope must not answer for its likeness.
    private static double Similarity(float[] first, int from, float[] second, int at, int length)
    {
        double aa = 0,
            bb = 0,
            ab = 0;
        for (var i = 0; i < length; i++)
        {
            double a = first[from + i] - first[from + i - 1],
                b = second[at + i] - second[at + i - 1];
            aa += a * a;
            bb += b * b;
            ab += a * b;
        }
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
