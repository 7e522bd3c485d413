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
    private readonly float[] _reference;
    private readonly float[] _degraded;
    private readonly int _degradedLength;
    private readonly int _size;
    private readonly LagHistogram _histogram;
    private readonly FrameSpectrum _spectrum;
    private readonly RealFft _fft;
    private readonly double[] _xr,
        _xi,
        _yr,
        _yi,
        _work;
    private readonly Dictionary<long, Peak> _peaks = [];
    private readonly List<int> _lags = [];
    private readonly FftTally _tally;
    private readonly FrameSpectra? _known;

    internal FineAlignment(
        float[] reference,
        float[] degraded,
        int degradedLength,
        RateTable table,
        FftTally tally,
        FrameSpectra? known = null
    )
    {
        _tally = tally;
        _known = known;
        _reference = reference;
        _degraded = degraded;
        _degradedLength = degradedLength;
        _size = table.AlignmentFrame;
        _fft = RealFft.For(_size);
        _spectrum = new FrameSpectrum(_size);
        _histogram = new LagHistogram(_size);
        _xr = new double[_fft.Bins];
        _xi = new double[_fft.Bins];
        _yr = new double[_fft.Bins];
        _yi = new double[_fft.Bins];
        _work = new double[_fft.WorkspaceLength];
    }

    private int Hop => _size / 4;

    /// <summary>Frames from (r, d) forwards, as long as they end within the degraded signal and before <paramref name="stop"/>.</summary>
    internal FineLag Forwards(int r, int d, int stop)
    {
        _histogram.Clear();
        for (; d + _size <= _degradedLength && r + _size <= stop; r += Hop, d += Hop)
            Add(r, d);
        return _histogram.Peak();
    }

    /// <summary>Frames from (r, d) backwards, as long as d is in the signal and r at or behind <paramref name="stop"/>.</summary>
    internal FineLag Backwards(int r, int d, int stop)
    {
        _histogram.Clear();
        for (; d >= 0 && r >= stop; r -= Hop, d -= Hop)
            Add(r, d);
        return _histogram.Peak();
    }

    private void Add(int r, int d)
    {
        Peak peak = PeakOf(r, d);
        for (int i = 0; i < peak.Count; i++)
            _histogram.Add(_lags[peak.First + i], peak.Weight);
    }

    private Peak PeakOf(int r, int d)
    {
        // A frame outside a buffer can only follow an extreme split; it is passed over.
        if (r < 0 || d < 0 || r + _size > _reference.Length || d + _size > _degraded.Length)
            return default;
        long key = Key(r, d);
        if (_peaks.TryGetValue(key, out Peak known))
            return known;
        Peak peak = Correlate(r, d);
        _peaks.Add(key, peak);
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
        _tally.Add(_size, 2);
        _spectrum.Measure(_degraded.AsSpan(d, _size), _yr, _yi);
        CrossSpectrum.Multiply(xr, xi, _yr, _yi);
        _fft.InversePackedUnscaled(_yr, _yi, _work);
        int half = _size / 2;
        ReadOnlySpan<double> even = _yr.AsSpan(0, half),
            odd = _yi.AsSpan(0, half);
        double threshold = 0.99 * Math.Max(LargestMagnitude(even), LargestMagnitude(odd));
        if (!(threshold > 0))
            return default;
        int first = _lags.Count;
        CollectAbove(threshold, even, odd);
        // The inverse left out the factor 1/half, a power of two.
        double weight = Math.Sqrt(Math.Sqrt(Math.Sqrt(threshold / half)));
        return new Peak(first, _lags.Count - first, weight);
    }

    private (double[] Real, double[] Imaginary) SpectrumOfReference(int r)
    {
        if (_known is not null && _known.TryGet(r, out (double[], double[]) known))
            return known;
        _tally.Add(_size, 1);
        _spectrum.Measure(_reference.AsSpan(r, _size), _xr, _xi);
        _known?.Keep(r, _xr, _xi);
        return (_xr, _xi);
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
                    _lags.Add(2 * (n + lane));
                if (b[lane] > threshold)
                    _lags.Add(2 * (n + lane) + 1);
            }
        }
    }

    private readonly record struct Peak(int First, int Count, double Weight);
}
