using SpeechGan.Dsp;

namespace SpeechGan.Metrics;

/// <summary>
/// Segmental signal-to-noise ratio in dB: the mean over frames of 30 ms of each frame's ratio, limited to -10..35 dB (P. Loizou, "Speech
/// Enhancement: Theory and Practice", 2013, chapter 11). Frames with a silent clean signal count as -10 dB.
/// </summary>
public static class SegmentalSnr
{
    private const double Lowest = -10;
    private const double Highest = 35;
    private const double Epsilon = 1.0 / (1L << 52);

    /// <summary>
    /// Segmental SNR of <paramref name="enhanced"/> against <paramref name="clean"/> in dB. Samples on the scale of 16-bit integers, as the
    /// field's published values are (the scale shows only in nearly silent frames). The longer signal is cut to the shorter one.
    /// </summary>
    /// <returns>A value in -10..35 dB, or the reason why there is none.</returns>
    public static MetricResult Score(ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 200);
        if (MetricInput.Fault("Segmental SNR", clean, enhanced) is { } fault)
            return fault;
        double[] x = MetricInput.Cut(clean, enhanced),
            y = MetricInput.Cut(enhanced, clean);
        (int length, int hop, int frames) = MetricFrames.Of(x.Length, sampleRate);
        if (frames < 1)
            return MetricResult.None(
                UnscorableReason.BufferTooShort,
                $"Segmental SNR has no value: {x.Length} samples were found, at least {length + hop} are needed."
            );

        double[] window = HannWindow.WithoutEndPoints(length);
        double sum = 0;
        for (int f = 0; f < frames; f++)
            sum += Frame(x.AsSpan(f * hop, length), y.AsSpan(f * hop, length), window);
        return MetricResult.Of(sum / frames);
    }

    private static double Frame(ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced, double[] window)
    {
        double signal = 0,
            noise = 0;
        for (int i = 0; i < window.Length; i++)
        {
            double c = window[i] * clean[i],
                e = c - window[i] * enhanced[i];
            signal += c * c;
            noise += e * e;
        }

        return Math.Clamp(PortableMath.Decibel(signal / (noise + Epsilon) + Epsilon), Lowest, Highest);
    }
}
