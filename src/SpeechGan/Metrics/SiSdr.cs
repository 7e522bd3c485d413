using SpeechGan.Dsp;

namespace SpeechGan.Metrics;

/// <summary>
/// Scale-invariant signal-to-distortion ratio in dB (Le Roux et al., "SDR - half-baked or well done?", ICASSP 2019): the enhanced signal is
/// split into its projection on the clean one and the rest.
/// </summary>
public static class SiSdr
{
    /// <summary>
    /// SI-SDR of <paramref name="enhanced"/> against <paramref name="clean"/> in dB. The longer signal is cut to the shorter one; then, as
    /// in the field's evaluation scripts, 2^-52 is added to every sample.
    /// </summary>
    /// <param name="clean">Reference samples on any scale.</param>
    /// <param name="enhanced">Processed samples.</param>
    /// <param name="removeMean">Whether the means are taken out first.</param>
    /// <returns>A finite value in dB; a reason where there is nothing to compare, or where the ratio has no bound.</returns>
    public static MetricResult Score(ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced, bool removeMean = false)
    {
        if (MetricInput.Fault("SI-SDR", clean, enhanced) is { } fault)
            return fault;
        double[] x = MetricInput.Cut(clean, enhanced),
            y = MetricInput.Cut(enhanced, clean);
        if (x.Length == 0)
            return MetricResult.None(UnscorableReason.BufferTooShort, "SI-SDR has no value: there is no sample to compare.");
        if (removeMean)
        {
            SubtractMean(x);
            SubtractMean(y);
        }

        double xx = Dot(x, x);
        if (xx == 0)
            return MetricResult.None(UnscorableReason.SilentReference, "SI-SDR has no value: the clean signal is silent.");
        double scale = Dot(y, x) / xx,
            target = 0,
            rest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double t = scale * x[i],
                e = y[i] - t;
            target += t * t;
            rest += e * e;
        }

        if (target == 0 && Dot(y, y) == 0)
            return MetricResult.None(UnscorableReason.SilentDegraded, "SI-SDR has no value: the enhanced signal is silent.");
        if (target == 0)
            return MetricResult.None(
                UnscorableReason.Undefined,
                "SI-SDR has no lower bound here: nothing of the clean signal is in the enhanced one."
            );
        return rest == 0
            ? MetricResult.None(UnscorableReason.Undefined, "SI-SDR has no upper bound here: the enhanced signal is the clean one, scaled.")
            : MetricResult.Of(PortableMath.Decibel(target / rest));
    }

    private static void SubtractMean(double[] signal)
    {
        double sum = 0;
        foreach (double x in signal)
            sum += x;
        double mean = sum / signal.Length;
        foreach (ref double x in signal.AsSpan())
            x -= mean;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
