using SpeechGan.Dsp;

namespace SpeechGan.Data;

/// <summary>
/// Changes the sample rate with a polyphase windowed-sinc filter, in managed code and fixed order: the same bits for the same filter table
/// whatever libraries a machine has.
/// </summary>
/// <remarks>
/// Kaiser window (Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974) for 120 dB. With f the lower
/// of the two rates: pass band to 0.46 f, stop band from 0.5 f. Linear phase, the delay taken out: output sample m lies at input time
/// m * from / to, and what lies outside the clip counts as 0.
/// </remarks>
public sealed class Resampler
{
    /// <summary>Attenuation in dB for which the window is designed; alias products measured below -127 dB.</summary>
    public const double StopBandDecibels = 120;

    /// <summary>Lowest and highest rates taken, in Hz: outside of them a header is more likely wrong than a recording unusual.</summary>
    public const int LowestRate = 4_000,
        HighestRate = 384_000;

    private const double PassBand = 0.92; // as a share of the lower Nyquist frequency
    private const long LargestTable = 1 << 22; // 32 MiB of taps; beyond (rates with no common divisor) taps are computed when needed

    private readonly int up,
        down,
        half; // _half: taps on each side of an output sample
    private readonly double cutoff,
        width; // cutoff in cycles per input sample, half width of the window in input samples
    private readonly double[]? table; // [phase, tap] row-major

    /// <summary>Designs the filter for one pair of rates.</summary>
    /// <param name="from">The clip's samples a second.</param>
    /// <param name="to">The wanted samples a second.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate lies outside <see cref="LowestRate"/> .. <see cref="HighestRate"/>.</exception>
    public Resampler(int from, int to)
    {
        Check(from, nameof(from));
        Check(to, nameof(to));
        From = from;
        To = to;
        int divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        (up, down) = (to / divisor, from / divisor);
        double lower = Math.Min(from, to);
        double transition = (1 - PassBand) * lower / 2 / from; // cycles per input sample
        cutoff = (1 + PassBand) / 2 * lower / 2 / from;
        // Kaiser's estimate of the order: (A - 7.95) / (2.285 * 2 pi * transition), of which half lies on each side.
        width = (StopBandDecibels - 7.95) / (2.285 * 2 * Math.PI * transition) / 2;
        half = (int)Math.Ceiling(width);
        if ((long)up * 2 * half <= LargestTable)
        {
            table = new double[up * 2 * half];
            for (int phase = 0; phase < up; phase++)
                Design(phase, table.AsSpan(phase * 2 * half, 2 * half));
        }
    }

    /// <summary>The rate that clips come with, in Hz.</summary>
    public int From { get; }

    /// <summary>The rate that clips leave with, in Hz.</summary>
    public int To { get; }

    /// <summary>Samples after resampling: ceil(samples * to / from).</summary>
    public static long Length(long samples, int from, int to) => (long)(((Int128)samples * to + from - 1) / from);

    /// <summary>Resamples one channel.</summary>
    /// <param name="samples">The clip.</param>
    /// <returns>A fresh array of <see cref="Length"/> samples.</returns>
    public float[] Resample(ReadOnlySpan<float> samples)
    {
        if (up == down)
            return samples.ToArray();
        var output = new float[checked((int)Length(samples.Length, From, To))];
        Compute(0, samples, 0, output);
        return output;
    }

    /// <summary>Resamples one channel block by block: the same bits as the whole signal at once, in memory that does not depend on its
    /// length.</summary>
    /// <param name="source">The signal, of the rate <see cref="From"/>; it is read through the result.</param>
    /// <returns>A reader of <see cref="Length"/> samples; the source itself where the rates are equal.</returns>
    /// <exception cref="ArgumentException">The source has another rate.</exception>
    public ISampleReader Resample(ISampleReader source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.SampleRate != From)
            throw new ArgumentException($"The signal has {source.SampleRate} samples a second; this filter is for {From}.", nameof(source));
        return up == down ? source : new ResampledReader(this, source);
    }

    /// <summary>Input samples under the filter on each side of an output sample.</summary>
    internal int Reach => half;

    /// <summary>The input sample under tap 0 for an output sample; below 0 where the filter begins before the signal.</summary>
    internal long FirstInput(long output) => (output * down / up) - half + 1;

    /// <summary>Computes output samples from the part of a signal that lies under the filter for them; what lies outside the part counts as
    /// 0.</summary>
    /// <param name="next">The first output sample.</param>
    /// <param name="window">The part of the signal.</param>
    /// <param name="start">Where in the signal it begins.</param>
    /// <param name="output">Is filled with the output samples from <paramref name="next"/> on.</param>
    internal void Compute(long next, ReadOnlySpan<float> window, long start, Span<float> output)
    {
        var computed = table is null ? new double[2 * half] : [];
        Span<(int Taps, int Samples)> places = stackalloc (int, int)[PolyphaseDot.Outputs];
        for (int m = 0; m < output.Length; m++)
        {
            if (table is not null && m + PolyphaseDot.Outputs <= output.Length && Whole(next + m, window.Length, start))
            {
                for (int k = 0; k < PolyphaseDot.Outputs; k++)
                    places[k] = ((int)((next + m + k) * down % up) * 2 * half, (int)(FirstInput(next + m + k) - start));
                PolyphaseDot.Of(table, window, places, 2 * half, output.Slice(m, PolyphaseDot.Outputs));
                m += PolyphaseDot.Outputs - 1;
                continue;
            }
            int phase = (int)((next + m) * down % up);
            long first = FirstInput(next + m) - start; // in the window
            ReadOnlySpan<double> taps = table is null ? computed : table.AsSpan(phase * 2 * half, 2 * half);
            if (table is null)
                Design(phase, computed);
            int begin = (int)Math.Max(0, -first);
            int end = (int)Math.Min(taps.Length, window.Length - first);
            output[m] = (float)Dot(taps[begin..end], window.Slice((int)(first + begin), end - begin));
        }
    }

    // Whether the filter lies inside the window for as many outputs as are computed together.
    private bool Whole(long output, int length, long start) =>
        FirstInput(output) >= start && FirstInput(output + PolyphaseDot.Outputs - 1) - start + (2 * half) <= length;

    // Four sums in a fixed order: the same bits whatever vectors a machine has. PolyphaseDot has the same order.
    private static double Dot(ReadOnlySpan<double> taps, ReadOnlySpan<float> samples)
    {
        double a = 0,
            b = 0,
            c = 0,
            d = 0;
        int i = 0;
        for (; i + 4 <= taps.Length; i += 4)
        {
            a += taps[i] * samples[i];
            b += taps[i + 1] * samples[i + 1];
            c += taps[i + 2] * samples[i + 2];
            d += taps[i + 3] * samples[i + 3];
        }
        for (; i < taps.Length; i++)
            a += taps[i] * samples[i];
        return (a + b) + (c + d);
    }

    // Tap k weighs the input sample k - (_half - 1) places after the one at or before the output's time. Each phase sums to 1, so that a
    // constant stays that constant.
    // Math.Sin may differ in its last bit between machines (1e-16 of a tap, far below float32): a portable sine would end that.
    private void Design(int phase, Span<double> taps)
    {
        double beta = 0.1102 * (StopBandDecibels - 8.7);
        double sum = 0,
            peak = Bessel.I0(beta);
        for (int k = 0; k < taps.Length; k++)
        {
            double time = k - (half - 1) - ((double)phase / up); // in input samples
            double ratio = time / width;
            double window = Math.Abs(ratio) >= 1 ? 0 : Bessel.I0(beta * Math.Sqrt(1 - (ratio * ratio))) / peak;
            double angle = 2 * Math.PI * cutoff * time;
            taps[k] = window * (time == 0 ? 1 : Math.Sin(angle) / angle);
            sum += taps[k];
        }
        for (int k = 0; k < taps.Length; k++)
            taps[k] /= sum;
    }

    private static void Check(int rate, string name)
    {
        if (rate is < LowestRate or > HighestRate)
            throw new ArgumentOutOfRangeException(
                name,
                rate,
                $"A rate of {rate} Hz is not resampled; {LowestRate} to {HighestRate} Hz are."
            );
    }
}
