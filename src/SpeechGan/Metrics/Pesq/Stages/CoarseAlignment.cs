using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Delays in whole activity windows, from the correlation of log envelopes (section 8 of docs/pesq-algorithm.md).</summary>
internal sealed class CoarseAlignment(ReadOnlyMemory<double> reference, ReadOnlyMemory<double> degraded, int window, FftTally tally)
{
    private double[] scratch = [];

    /// <summary>Delay of the whole signal in samples (D_crude).</summary>
    /// <param name="known">Spectrum of the whole reference of this size, if there is one.</param>
    internal int WholeSignal(EnvelopeSpectrum? known = null) => window * Lag(reference.Span, degraded.Span, known);

    /// <summary>Points of the transform that correlates envelopes of these lengths.</summary>
    internal static int SizeFor(int one, int other) => 2 * (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(one, other));

    /// <summary>Delay in samples of the reference windows [start, end) near a known <paramref name="delay"/>.</summary>
    internal int Range(int start, int end, int delay)
    {
        int r = start,
            d = start + delay / window;
        if (d < 0)
        {
            r = -delay / window;
            d = 0;
        }

        int refCount = end - r;
        int degCount = Math.Min(refCount, degraded.Length - d);
        if (refCount <= 1 || degCount <= 1)
            return delay;
        return delay + window * Lag(Part(reference.Span, r, refCount), Part(degraded.Span, d, degCount));
    }

    /// <summary>The lag of the largest correlation sum x[k] y[k + lag]; 0 where no correlation is positive.</summary>
    internal int Lag(ReadOnlySpan<double> x, ReadOnlySpan<double> y, EnvelopeSpectrum? known = null)
    {
        if (x.Length <= 1 || y.Length <= 1)
            return 0;
        int size = SizeFor(x.Length, y.Length);
        RealFft fft = RealFft.For(size);
        int bins = fft.Bins;
        if (scratch.Length < 4 * bins + fft.WorkspaceLength + size)
            scratch = new double[4 * bins + fft.WorkspaceLength + size];
        Span<double> rest = scratch;
        Span<double> xr = Take(ref rest, bins),
            xi = Take(ref rest, bins),
            yr = Take(ref rest, bins),
            yi = Take(ref rest, bins);
        Span<double> work = Take(ref rest, fft.WorkspaceLength),
            correlation = Take(ref rest, size);
        tally.Add(size, 2);
        fft.Forward(y, yr, yi, work);
        if (known?.Size == size)
        {
            CrossSpectrum.Multiply(known.Real, known.Imaginary, yr, yi);
        }
        else
        {
            tally.Add(size, 1);
            fft.Forward(x, xr, xi, work);
            CrossSpectrum.Multiply(xr, xi, yr, yi);
        }

        fft.Inverse(yr, yi, correlation, work);
        return LagOfLargest(correlation, 1 - x.Length, y.Length);
    }

    // Negative lags stand at the end of the circle.
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static int LagOfLargest(ReadOnlySpan<double> circle, int lowest, int end)
    {
        double best = 0;
        int lag = 0;
        for (int l = lowest; l < 0; l++)
        {
            if (circle[circle.Length + l] <= best)
                continue;
            best = circle[circle.Length + l];
            lag = l;
        }

        for (int l = 0; l < end; l++)
        {
            if (circle[l] <= best)
                continue;
            best = circle[l];
            lag = l;
        }

        return lag;
    }

    // Windows outside the signal count as 0; they occur only after an extreme split.
    private static ReadOnlySpan<double> Part(ReadOnlySpan<double> envelope, int start, int count)
    {
        if (start >= 0 && start + count <= envelope.Length)
            return envelope.Slice(start, count);
        double[] padded = new double[count];
        for (int k = 0; k < count; k++)
        {
            if ((uint)(start + k) < (uint)envelope.Length)
                padded[k] = envelope[start + k];
        }

        return padded;
    }

    private static Span<double> Take(ref Span<double> rest, int count)
    {
        Span<double> taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
