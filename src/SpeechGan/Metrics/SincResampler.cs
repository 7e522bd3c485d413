using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics;

/// <summary>
/// The resampling filter of STOI's convention: a sinc of ten zero crossings a side under a Kaiser window (beta 5), zero phase, samples
/// outside are 0. It decides digits of STOI, hence its own, and apart from the data room's sharper one.
/// </summary>
public sealed class SincResampler
{
    private const int ZeroCrossings = 10;
    private const double Beta = 5;

    // Usual rates have factors up to 441; a longer filter means that a header is wrong.
    private const int LargestFactor = 1000;

    private readonly int up,
        down,
        half;
    private readonly double[] filter;

    /// <summary>Designs the filter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rates have no short ratio (<see cref="CanMake"/>).</exception>
    public SincResampler(int from, int to)
    {
        if (!CanMake(from, to))
            throw new ArgumentOutOfRangeException(nameof(from), from, $"{from} Hz cannot be resampled to {to} Hz here.");
        (up, down) = Ratio(from, to);
        int longer = Math.Max(up, down);
        half = ZeroCrossings * longer;
        filter = new double[2 * half + 1];
        double sum = 0;
        for (int i = 0; i < filter.Length; i++)
        {
            int at = i - half;
            double sinc = at == 0 ? 1 : PortableMath.SinCosOfTurn(at, 2L * longer).Sin / (Math.PI * at / longer),
                ratio = (double)at / half;
            sum += filter[i] = sinc * Bessel.I0(Beta * Math.Sqrt(1 - ratio * ratio)); // what is constant goes with the sum
        }

        for (int i = 0; i < filter.Length; i++)
            filter[i] = filter[i] / sum * up;
    }

    /// <summary>Whether the two rates, in Hz, have a ratio of small whole numbers.</summary>
    public static bool CanMake(int from, int to)
    {
        if (from < 1 || to < 1)
            return false;
        (int up, int down) = Ratio(from, to);
        return Math.Max(up, down) <= LargestFactor;
    }

    /// <summary>ceil(n to / from) samples.</summary>
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    public double[] Resample(ReadOnlySpan<double> signal)
    {
        var output = new double[checked((int)(((long)signal.Length * up + down - 1) / down))];
        for (int m = 0; m < output.Length; m++)
        {
            // Taps m * down - k * up + half for the samples k that lie under the filter.
            long newest = (long)m * down + half;
            int first = (int)Math.Max(0, (newest - 2 * half + up - 1) / up),
                last = (int)Math.Min(signal.Length - 1, newest / up);
            double sum = 0;
            for (int k = first; k <= last; k++)
                sum += signal[k] * filter[(int)(newest - (long)k * up)];
            output[m] = sum;
        }

        return output;
    }

    private static (int Up, int Down) Ratio(int from, int to)
    {
        int divisor = (int)BigInteger.GreatestCommonDivisor(from, to);
        return (to / divisor, from / divisor);
    }
}
