namespace SpeechGan.Data;

/// <summary>Signals resampled to about 16 kHz, fast and rough, to be compared: what an audit correlates at 48 kHz would take nine times as
/// long, and noise above the band of speech would count as much as the speech.</summary>
internal static class Decimation
{
    private const int TapsEachSide = 4; // for each sample of the factor: 50 dB, where correlations are judged to a hundredth

    /// <summary>The factor for a rate; 1 below 32 kHz.</summary>
    public static int Factor(int rate) => Math.Max(1, rate / AuditLimits.SampleRate);

    /// <summary>Every so many samples of a signal, low-passed (a sinc under a Hamming window, without delay).</summary>
    /// <param name="signal">Samples.</param>
    /// <param name="factor">How many become one; 1 leaves the signal as it is.</param>
    /// <param name="phase">The first sample that is taken, below the factor.</param>
    public static float[] Of(float[] signal, int factor, int phase = 0)
    {
        if (factor == 1)
            return signal;
        int half = TapsEachSide * factor;
        float[] taps = Taps(factor, half);
        var result = new float[Math.Max(0, (signal.Length - phase + factor - 1) / factor)];
        for (var m = 0; m < result.Length; m++)
        {
            int centre = phase + (m * factor),
                from = Math.Max(0, half - centre),
                to = Math.Min(taps.Length, signal.Length - centre + half);
            float sum = 0;
            for (var k = from; k < to; k++)
                sum += taps[k] * signal[centre - half + k];
            result[m] = sum;
        }
        return result;
    }

    private static float[] Taps(int factor, int half)
    {
        var taps = new float[(2 * half) + 1];
        for (var k = 0; k < taps.Length; k++)
        {
            double time = k - half,
                angle = Math.PI * 0.9 * time / factor,
                window = 0.54 + (0.46 * Math.Cos(Math.PI * time / half));
            taps[k] = (float)(0.9 / factor * window * (time == 0 ? 1 : Math.Sin(angle) / angle));
        }
        return taps;
    }
}
