namespace SpeechGan.Metrics;

/// <summary>
/// Scale-invariant signal-to-distortion ratio: how much of the enhanced signal is the clean one at any gain (Le Roux et al., 2019,
/// equation 5, without removal of the mean).
/// </summary>
public static class SiSdr
{
    /// <summary>The ratio in dB; a reason where it is not defined or not finite.</summary>
    /// <param name="clean">Reference samples.</param>
    /// <param name="enhanced">As many processed samples.</param>
    public static MetricResult Score(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced)
    {
        if (clean.Length != enhanced.Length)
            return MetricResult.None(
                UnscorableReason.LengthMismatch,
                $"SI-SDR has no value: the clean signal has {clean.Length} samples, the enhanced one {enhanced.Length}.");
        double cross = 0, power = 0;
        for (var i = 0; i < clean.Length; i++)
        {
            cross += (double)enhanced[i] * clean[i];
            power += (double)clean[i] * clean[i];
        }
        if (power == 0)
            return MetricResult.None(UnscorableReason.SilentReference, "SI-SDR has no value: the clean signal is all zero.");
        var gain = cross / power;
        double target = 0, error = 0;
        for (var i = 0; i < clean.Length; i++)
        {
            var t = gain * clean[i];
            var e = enhanced[i] - t;
            target += t * t;
            error += e * e;
        }
        if (!double.IsFinite(target) || !double.IsFinite(error))
            return MetricResult.None(UnscorableReason.NonFiniteInput, "SI-SDR has no value: a sample is not finite.");
        if (target == 0 || error == 0)
            return MetricResult.None(
                UnscorableReason.Undefined,
                target == 0 ? "SI-SDR is minus infinity: the enhanced signal holds nothing of the clean one." : "SI-SDR is infinite: the enhanced signal is the clean one at a gain.");
        return MetricResult.Of(10 * Math.Log10(target / error));
    }
}
