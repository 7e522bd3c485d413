using System.Numerics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>A stretch of frames [First, End) that sounds so bad that its delay is sought once more, in samples.</summary>
internal readonly record struct BadInterval(int First, int End, int Delay);

/// <summary>Frames that a delay decrease has swallowed, and bad intervals (section 14 of docs/pesq-algorithm.md).</summary>
internal static class BadIntervals
{
    /// <summary>Disturbance above which a frame is bad.</summary>
    internal const double Threshold = 30;

    private const int Shortest = 5;
    private const double LeastCorrelation = 0.5;

    /// <summary>Section 14.1: frames that fell out where the delay drops. Returns how many were set to zero.</summary>
    internal static int SkipLostFrames(IReadOnlyList<AlignedUtterance> utterances, double[] symmetric, double[] asymmetric, RateTable table)
    {
        int window = table.Window,
            last = symmetric.Length - 1,
            skipped = 0;
        for (int u = 1; u < utterances.Count; u++)
        {
            AlignedUtterance before = utterances[u - 1],
                after = utterances[u];
            int jump = after.Delay - before.Delay;
            if (jump >= -table.Hop)
                continue;
            int f1 = ((after.Start - 75) * window + after.Delay) / table.Hop;
            int f2 = ((before.End - 75) * window + before.Delay) / table.Hop;
            int f3 = ((after.Start - 75) * window - jump) / table.Hop + 1;
            for (int f = Math.Max(0, Math.Min(f1, f2)); f <= f3 && f < last; f++)
            {
                symmetric[f] = asymmetric[f] = 0;
                skipped++;
            }
        }

        return skipped;
    }

    /// <summary>Section 14.2: the degraded signal with the delays taken out.</summary>
    internal static float[] RemoveDelays(float[] degraded, IReadOnlyList<AlignedUtterance> utterances, RateTable table)
    {
        float[] moved = new float[degraded.Length];
        int start = table.Guard,
            end = degraded.Length - table.Guard;
        for (int i = start; i < end; i++)
        {
            int j = i + AlignedUtterance.DelayAt(utterances, i, table.Window);
            moved[i] = degraded[Math.Clamp(j, start, end - 1)];
        }

        return moved;
    }

    /// <summary>Section 14.3, steps 1 to 3: runs of at least five bad frames, after smearing.</summary>
    internal static List<(int First, int End)> Find(double[] symmetric)
    {
        int last = symmetric.Length - 1;
        bool Bad(int f) => f > 0 && symmetric[f] > Threshold; // frame 0 never is
        bool Smeared(int f) => f >= 2 && f < last - 2 && (Bad(f - 2) || Bad(f - 1) || Bad(f)) && (Bad(f) || Bad(f + 1) || Bad(f + 2));

        var found = new List<(int, int)>();
        for (int f = 0; f <= last; f++)
        {
            if (!Smeared(f))
                continue;
            int first = f;
            while (f <= last && Smeared(f))
                f++;
            if (f - first >= Shortest)
                found.Add((first, f));
        }

        return found;
    }

    /// <summary>Section 14.3, step 4: the delay of one interval between the reference and the degraded signal without delays.</summary>
    internal static int DelayOf(
        float[] reference,
        float[] moved,
        int firstFrame,
        int endFrame,
        int longest,
        RateTable table,
        FftTally tally
    )
    {
        int i0 = table.Guard + firstFrame * table.Hop,
            i1 = table.Guard + endFrame * table.Hop + table.Frame;
        int reach = 4 * table.Frame,
            length = i1 - i0 + 2 * reach;
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * length));
        double[] x = new double[length],
            y = new double[length];
        for (int i = i0; i < i1; i++)
            x[reach + i - i0] = Math.Abs(reference[i]);
        int lowest = table.Guard,
            highest = longest - table.Guard + table.Tail - 1;
        for (int i = 0; i < length; i++)
            y[i] = Math.Abs(moved[Math.Clamp(i0 - reach + i, lowest, highest)]);

        double xx = SumOfSquares(x),
            yy = SumOfSquares(y);
        if (xx / size <= 1e-6 || yy / size <= 1e-6)
            return 0;

        RealFft fft = RealFft.For(size);
        double[] xr = new double[fft.Bins],
            xi = new double[fft.Bins],
            yr = new double[fft.Bins],
            yi = new double[fft.Bins];
        double[] work = new double[fft.WorkspaceLength],
            correlation = new double[size];
        tally.Add(size, 3);
        fft.Forward(x, xr, xi, work);
        fft.Forward(y, yr, yi, work);
        CrossSpectrum.Multiply(xr, xi, yr, yi);
        fft.Inverse(yr, yi, correlation, work);

        double norm = Math.Sqrt(xx * yy),
            best = 0;
        int delay = 0;
        for (int l = -reach; l < reach; l++)
        {
            double rho = Math.Abs(correlation[l < 0 ? l + size : l]) / norm;
            if (rho > best)
            {
                best = rho;
                delay = l;
            }
        }

        return best < LeastCorrelation ? 0 : delay;
    }

    /// <summary>Section 14.3, step 5: the signal with the intervals moved by their delays. Always read from the unmoved one.</summary>
    internal static float[] Realign(float[] moved, IReadOnlyList<BadInterval> intervals, int longest, RateTable table)
    {
        float[] realigned = [.. moved];
        foreach (BadInterval interval in intervals)
        {
            int i0 = table.Guard + interval.First * table.Hop,
                i1 = table.Guard + interval.End * table.Hop + table.Frame;
            for (int i = i0; i < i1; i++)
                realigned[i] = moved[Math.Clamp(i + interval.Delay, 0, longest - 1)]; // quirk: M - 1
        }

        return realigned;
    }

    private static double SumOfSquares(double[] x)
    {
        double sum = 0;
        foreach (double v in x)
            sum += v * v;
        return sum;
    }
}
