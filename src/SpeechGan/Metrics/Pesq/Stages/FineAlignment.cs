using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>A fine delay in samples relative to a starting point, and how much of the histogram agrees with it (0 to 1).</summary>
internal readonly record struct FineLag(int Samples, double Confidence);

/// <summary>
/// Delays in samples: a weighted histogram of the correlation peaks of short frames (sections 9.2 and 10 of docs/pesq-algorithm.md). What a
/// frame adds depends only on where it starts in both signals, so every frame is correlated once and remembered.
/// </summary>
internal sealed class FineAlignment
{
    private readonly float[] reference;
    private readonly float[] degraded;
    private readonly int degradedLength;
    private readonly int size;
    private readonly LagHistogram histogram;
    private readonly FrameSpectrum spectrum;
    private readonly RealFft fft;
    private readonly double[] xr,
        xi,
        yr,
        yi,
        work;
    private readonly Dictionary<long, Peak> peaks = [];
    private readonly List<int> lags = [];
    private readonly FftTally tally;
    private readonly FrameSpectra? known;

    internal FineAlignment(
        float[] reference,
        float[] degraded,
        int degradedLength,
        RateTable table,
        FftTally tally,
        FrameSpectra? known = null
    )
    {
        this.tally = tally;
        this.known = known;
        this.reference = reference;
        this.degraded = degraded;
        this.degradedLength = degradedLength;
        size = table.AlignmentFrame;
        fft = RealFft.For(size);
        spectrum = new FrameSpectrum(size);
        histogram = new LagHistogram(size);
        xr = new double[fft.Bins];
        xi = new double[fft.Bins];
        yr = new double[fft.Bins];
        yi = new double[fft.Bins];
        work = new double[fft.WorkspaceLength];
    }

    private int Hop => size / 4;

    /// <summary>Frames from (r, d) forwards, as long as they end within the degraded signal and before <paramref name="stop"/>.</summary>
    internal FineLag Forwards(int r, int d, int stop)
    {
        histogram.Clear();
        for (; d + size <= degradedLength && r + size <= stop; r += Hop, d += Hop)
            Add(r, d);
        return histogram.Peak();
    }

    /// <summary>Frames from (r, d) backwards, as long as d is in the signal and r at or behind <paramref name="stop"/>.</summary>
    internal FineLag Backwards(int r, int d, int stop)
    {
        histogram.Clear();
        for (; d >= 0 && r >= stop; r -= Hop, d -= Hop)
            Add(r, d);
        return histogram.Peak();
    }

    private void Add(int r, int d)
    {
        Peak peak = PeakOf(r, d);
        for (int i = 0; i < peak.Count; i++)
            histogram.Add(lags[peak.First + i], peak.Weight);
    }

    private Peak PeakOf(int r, int d)
    {
        // A frame outside a buffer can only follow an extreme split; it is passed over.
        if (r < 0 || d < 0 || r + size > reference.Length || d + size > degraded.Length)
            return default;
        long key = Key(r, d);
        if (peaks.TryGetValue(key, out Peak known))
            return known;
        Peak peak = Correlate(r, d);
        peaks.Add(key, peak);
        return peak;
    }

    /// <summary>
    /// A frame's name: its start and its delay. Not its two starts: a long hashes to the exclusive or of its halves, which is the same for
    /// all frames of one delay wherever r ^ d is, so that a look-up would walk through all of them and a long signal take quadratic time.
    /// </summary>
    internal static long Key(int r, int d) => ((long)r << 32) | (uint)(d - r);

    private Peak Correlate(int r, int d)
    {
        (double[] xr, double[] xi) = SpectrumOfReference(r);
        tally.Add(size, 2);
        spectrum.Measure(degraded.AsSpan(d, size), yr, yi);
        CrossSpectrum.Multiply(xr, xi, yr, yi);
        fft.InversePackedUnscaled(yr, yi, work);
        int half = size / 2;
        ReadOnlySpan<double> even = yr.AsSpan(0, half),
            odd = yi.AsSpan(0, half);
        double threshold = 0.99 * Math.Max(LargestMagnitude(even), LargestMagnitude(odd));
        if (!(threshold > 0))
            return default;
        int first = lags.Count;
        CollectAbove(threshold, even, odd);
        // The inverse left out the factor 1/half, a power of two.
        double weight = Math.Sqrt(Math.Sqrt(Math.Sqrt(threshold / half)));
        return new Peak(first, lags.Count - first, weight);
    }

    private (double[] Real, double[] Imaginary) SpectrumOfReference(int r)
    {
        if (this.known is not null && this.known.TryGet(r, out (double[], double[]) known))
            return known;
        tally.Add(size, 1);
        spectrum.Measure(reference.AsSpan(r, size), xr, xi);
        this.known?.Keep(r, xr, xi);
        return (xr, xi);
    }

    // A maximum has no rounding, so lanes may be merged in any order.
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static double LargestMagnitude(ReadOnlySpan<double> values)
    {
        ref double first = ref MemoryMarshal.GetReference(values);
        Vector256<double> largest = Vector256<double>.Zero;
        for (int n = 0; n < values.Length; n += 4)
        {
            Vector256<double> magnitude = Vector256.Abs(Vector256.LoadUnsafe(ref first, (nuint)n));
            largest = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, largest), magnitude, largest);
        }

        return Math.Max(Math.Max(largest[0], largest[1]), Math.Max(largest[2], largest[3]));
    }

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private void CollectAbove(double threshold, ReadOnlySpan<double> even, ReadOnlySpan<double> odd)
    {
        ref double e = ref MemoryMarshal.GetReference(even);
        ref double o = ref MemoryMarshal.GetReference(odd);
        Vector256<double> limit = Vector256.Create(threshold);
        for (int n = 0; n < even.Length; n += 4)
        {
            Vector256<double> a = Vector256.Abs(Vector256.LoadUnsafe(ref e, (nuint)n)),
                b = Vector256.Abs(Vector256.LoadUnsafe(ref o, (nuint)n));
            if (!Vector256.GreaterThanAny(a, limit) && !Vector256.GreaterThanAny(b, limit))
                continue;
            for (int lane = 0; lane < 4; lane++)
            {
                if (a[lane] > threshold)
                    lags.Add(2 * (n + lane));
                if (b[lane] > threshold)
                    lags.Add(2 * (n + lane) + 1);
            }
        }
    }

    private readonly record struct Peak(int First, int Count, double Weight);
}
