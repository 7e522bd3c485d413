using SpeechGan.Dsp;

namespace SpeechGan.Data;

/// <summary>How two signals lie to each other: normalised cross-correlation after pre-emphasis (0.95), which takes speech's slope off so
/// that its pitch does not answer for its place.</summary>
/// <param name="Lag">Samples by which the second is later, where they agree best.</param>
/// <param name="Correlation">Correlation there, its sign left out.</param>
/// <param name="Unshifted">Correlation without a lag, its sign left out.</param>
internal sealed record PairAlignment(int Lag, double Correlation, double Unshifted)
{
    private const double Emphasis = 0.95;

    /// <summary>Measures it of recordings at any rate, at about 16 kHz; the lag is in samples of theirs. Null where one of them is
    /// silent.</summary>
    /// <param name="first">A recording.</param>
    /// <param name="second">Another.</param>
    /// <param name="rate">Samples a second of both.</param>
    public static PairAlignment? OfRecordings(float[] first, float[] second, int rate)
    {
        int factor = Decimation.Factor(rate);
        if (Of(Decimation.Of(first, factor), Decimation.Of(second, factor), (int)(AuditLimits.LargestLag * rate / factor)) is not { } rough)
            return null;
        return factor == 1 || rough.Lag == 0 ? rough : rough with { Lag = Refined(first, second, rough.Lag * factor, factor) };
    }

    /// <summary>Measures it; null where one of them is silent.</summary>
    public static PairAlignment? Of(float[] first, float[] second, int largestLag)
    {
        double[] a = Emphasised(first),
            b = Emphasised(second);
        double energies = Math.Sqrt(a.Sum(v => v * v) * b.Sum(v => v * v));
        if (energies == 0 || a.Length == 0 || b.Length == 0)
            return null;
        // What comes round from the other end must not reach the lags that are looked at; further ones may be mixed.
        int longer = Math.Max(a.Length, b.Length),
            reach = Math.Min(largestLag, longer),
            size = 4;
        while (size < longer + reach)
            size *= 2;
        reach = Math.Min(reach, (size / 2) - 1);
        var fft = RealFft.For(size);
        double[] work = new double[fft.WorkspaceLength],
            aReal = new double[fft.Bins],
            aImaginary = new double[fft.Bins],
            bReal = new double[fft.Bins],
            bImaginary = new double[fft.Bins];
        fft.Forward(a, aReal, aImaginary, work);
        fft.Forward(b, bReal, bImaginary, work);
        for (var k = 0; k < fft.Bins; k++)
        {
            double real = (bReal[k] * aReal[k]) + (bImaginary[k] * aImaginary[k]),
                imaginary = (bImaginary[k] * aReal[k]) - (bReal[k] * aImaginary[k]);
            (bReal[k], bImaginary[k]) = (real, imaginary);
        }
        var correlation = new double[size];
        fft.Inverse(bReal, bImaginary, correlation, work);
        int best = 0;
        double most = -1;
        for (var lag = -reach; lag <= reach; lag++)
        {
            var value = Math.Abs(correlation[(lag + size) % size]);
            // Of equal ones the smaller lag.
            if (value > most || (value == most && Math.Abs(lag) < Math.Abs(best)))
                (most, best) = (value, lag);
        }
        return new PairAlignment(best, Math.Min(1, most / energies), Math.Min(1, Math.Abs(correlation[0]) / energies));
    }

    // The lag within a decimated sample at which the whole signals agree best.
    private static int Refined(float[] first, float[] second, int lag, int factor)
    {
        double[] a = Emphasised(first),
            b = Emphasised(second);
        return Enumerable.Range(lag - factor, (2 * factor) + 1).MaxBy(l => Math.Abs(Product(l)));

        double Product(int l)
        {
            int from = Math.Max(0, -l),
                to = Math.Min(a.Length, b.Length - l);
            return to <= from
                ? 0
                : System.Numerics.Tensors.TensorPrimitives.Dot<double>(a.AsSpan(from..to), b.AsSpan((from + l)..(to + l)));
        }
    }

    private static double[] Emphasised(float[] signal)
    {
        var result = new double[Math.Max(0, signal.Length - 1)];
        for (var i = 0; i < result.Length; i++)
            result[i] = signal[i + 1] - (Emphasis * signal[i]);
        return result;
    }
}
