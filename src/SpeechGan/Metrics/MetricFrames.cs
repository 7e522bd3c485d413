namespace SpeechGan.Metrics;

/// <summary>The frames of 30 ms, hop a quarter of it, on which segmental SNR, WSS and LLR are measured.</summary>
internal readonly record struct MetricFrames(int Length, int Hop, int Count)
{
    internal static MetricFrames Of(int samples, int sampleRate)
    {
        int length = (int)Math.Round(0.030 * sampleRate),
            hop = length / 4;
        // one fewer than fit, as in the field's scripts
        return new MetricFrames(length, hop, samples < length ? 0 : (samples - length) / hop);
    }

    /// <summary>
    /// Mean of the smallest 95 % of the values, NaN sorted last: a few undefined frames are left out, more make the mean undefined.
    /// </summary>
    internal static double MeanOfLowest95Percent(double[] values)
    {
        int count = (int)Math.Round(0.95 * values.Length, MidpointRounding.ToEven);
        double sum = 0;
        foreach (double v in values.Order(NanLast).Take(count))
            sum += v;
        return sum / count;
    }

    private static IComparer<double> NanLast { get; } =
        Comparer<double>.Create(
            (a, b) =>
                (double.IsNaN(a), double.IsNaN(b)) switch
                {
                    (true, true) => 0,
                    (true, false) => 1,
                    (false, true) => -1,
                    _ => a.CompareTo(b),
                }
        );
}

/// <summary>The scale of the samples that the composite measures see; it decides how many bands WSS finds at its floor.</summary>
public enum MetricScale
{
    /// <summary>16-bit integers as they are: the default, and the scale of the published noisy VoiceBank+DEMAND values.</summary>
    Int16,

    /// <summary>Samples in [-1, 1] as they are, as in CMGAN's own evaluation script; CSIG is up to 0.25 higher.</summary>
    Unit,
}
