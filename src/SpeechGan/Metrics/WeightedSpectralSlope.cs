using System.Diagnostics.CodeAnalysis;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics;

/// <summary>
/// Weighted spectral slope distance (D. Klatt, "Prediction of perceived phonetic distance from critical-band spectra", ICASSP 1982, as
/// used in the composite measures of Hu and Loizou): 0 for identical signals, larger is worse.
/// </summary>
public static class WeightedSpectralSlope
{
    private const int Bands = 25;
    private const double GlobalWeight = 20;
    private const double LocalWeight = 1;

    private static readonly double[] Centres =
    [
        50,
        120,
        190,
        260,
        330,
        400,
        470,
        540,
        617.372,
        703.378,
        798.717,
        904.128,
        1020.38,
        1148.30,
        1288.72,
        1442.54,
        1610.70,
        1794.16,
        1993.93,
        2211.08,
        2446.71,
        2701.97,
        2978.04,
        3276.17,
        3597.63,
    ];

    private static readonly double[] Widths =
    [
        70,
        70,
        70,
        70,
        70,
        70,
        70,
        77.3724,
        86.0056,
        95.3398,
        105.411,
        116.256,
        127.914,
        140.423,
        153.823,
        168.154,
        183.457,
        199.776,
        217.153,
        235.631,
        255.255,
        276.072,
        298.126,
        321.465,
        346.136,
    ];

    /// <summary>WSS of <paramref name="enhanced"/> against <paramref name="clean"/>; the samples are divided by 32768 whatever their
    /// scale.</summary>
    /// <returns>A distance of 0 or more, or the reason why there is none.</returns>
    public static MetricResult Score(ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 200);
        if (MetricInput.Fault("WSS", clean, enhanced) is { } fault)
            return fault;
        double[] x = MetricInput.Cut(clean, enhanced),
            y = MetricInput.Cut(enhanced, clean);
        MetricFrames frames = MetricFrames.Of(x.Length, sampleRate);
        if (frames.Count < 1)
            return MetricResult.None(
                UnscorableReason.BufferTooShort,
                $"WSS has no value: {x.Length} samples were found, at least {frames.Length + frames.Hop} are needed."
            );

        var spectrum = new CriticalBands(frames.Length, sampleRate);
        double[] distances = new double[frames.Count],
            ex = new double[Bands],
            ey = new double[Bands];
        for (int f = 0; f < frames.Count; f++)
        {
            spectrum.Measure(x.AsSpan(f * frames.Hop, frames.Length), ex);
            spectrum.Measure(y.AsSpan(f * frames.Hop, frames.Length), ey);
            distances[f] = Distance(ex, ey);
        }

        double mean = MetricFrames.MeanOfLowest95Percent(distances);
        return double.IsFinite(mean)
            ? MetricResult.Of(mean)
            : MetricResult.None(UnscorableReason.Undefined, "WSS has no value: too many frames have no defined slope distance.");
    }

    private static double Distance(double[] x, double[] y)
    {
        Span<double> wx = stackalloc double[Bands - 1],
            wy = stackalloc double[Bands - 1];
        Weights(x, wx);
        Weights(y, wy);
        double sum = 0,
            weights = 0;
        for (int k = 0; k < Bands - 1; k++)
        {
            double w = (wx[k] + wy[k]) / 2,
                d = (x[k + 1] - x[k]) - (y[k + 1] - y[k]);
            sum += w * d * d;
            weights += w;
        }

        return sum / weights;
    }

    private static void Weights(double[] e, Span<double> weights)
    {
        double max = e.Max();
        for (int k = 0; k < Bands - 1; k++)
        {
            int n = k;
            double peak;
            if (e[k + 1] - e[k] > 0)
            {
                while (n < Bands - 1 && e[n + 1] - e[n] > 0)
                    n++;
                peak = e[n - 1]; // the band before the summit, as in the classic code
            }
            else
            {
                while (n >= 0 && e[n + 1] - e[n] <= 0)
                    n--;
                peak = e[n + 1];
            }

            weights[k] = GlobalWeight / (GlobalWeight + max - e[k]) * (LocalWeight / (LocalWeight + peak - e[k]));
        }
    }

    /// <summary>Energies in dB of the 25 critical bands of a frame.</summary>
    private sealed class CriticalBands
    {
        private readonly RealFft fft;
        private readonly double[] window,
            frame,
            re,
            im,
            work;
        private readonly (int First, double[] Weights)[] filters = new (int, double[])[Bands]; // without the zeros on either side

        internal CriticalBands(int length, int sampleRate)
        {
            fft = RealFft.For((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * length)));
            window = HannWindow.WithoutEndPoints(length);
            frame = new double[length];
            re = new double[fft.Bins];
            im = new double[fft.Bins];
            work = new double[fft.WorkspaceLength];
            int half = fft.Size / 2;
            double nyquist = sampleRate / 2.0,
                least = PortableMath.Exp(-30 / (2 * 2.303));
            for (int k = 0; k < Bands; k++)
            {
                double centre = Math.Floor(Centres[k] / nyquist * half),
                    width = Widths[k] / nyquist * half;
                double norm = PortableMath.Log(Widths[0]) - PortableMath.Log(Widths[k]);
                double[] weights = new double[half];
                for (int j = 0; j < half; j++)
                {
                    double distance = (j - centre) / width,
                        weight = PortableMath.Exp(-11 * (distance * distance) + norm);
                    weights[j] = weight > least ? weight : 0;
                }

                int first = Math.Max(0, Array.FindIndex(weights, w => w > 0)),
                    last = Array.FindLastIndex(weights, w => w > 0);
                filters[k] = (first, last < first ? [] : weights[first..(last + 1)]);
            }
        }

        internal void Measure(ReadOnlySpan<double> frame, double[] energies)
        {
            for (int i = 0; i < frame.Length; i++)
                this.frame[i] = frame[i] / 32768 * window[i];
            fft.Forward(this.frame, re, im, work);
            for (int j = 0; j < re.Length; j++)
                re[j] = re[j] * re[j] + im[j] * im[j];
            for (int k = 0; k < Bands; k++)
            {
                (int first, double[] filter) = filters[k];
                energies[k] = PortableMath.Decibel(Math.Max(Dot(filter, re.AsSpan(first, filter.Length)), 1e-10));
            }
        }

        [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
        private static double Dot(double[] filter, ReadOnlySpan<double> power)
        {
            double sum = 0;
            for (int j = 0; j < filter.Length; j++)
                sum += filter[j] * power[j];
            return sum;
        }
    }
}
