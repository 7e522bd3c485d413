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

    private static double[] Emphasised(float[] signal)
    {
        var result = new double[Math.Max(0, signal.Length - 1)];
        for (var i = 0; i < result.Length; i++)
            result[i] = signal[i + 1] - (Emphasis * signal[i]);
        return result;
    }
}
