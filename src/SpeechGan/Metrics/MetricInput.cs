namespace SpeechGan.Metrics;

/// <summary>What the sample-by-sample metrics do with their inputs before anything else.</summary>
internal static class MetricInput
{
    private const double Epsilon = 1.0 / (1L << 52);

    /// <summary>The result of a pair with a sample that is NaN or infinite; null where there is none.</summary>
    internal static MetricResult? Fault(string metric, ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced) =>
        Fault(metric, "clean", clean) ?? Fault(metric, "enhanced", enhanced);

    /// <summary>
    /// A copy of <paramref name="signal"/>, no longer than <paramref name="other"/>. Where lengths differ, 2^-52 is added to every sample
    /// of both, as the field's scripts do.
    /// </summary>
    internal static double[] Cut(ReadOnlySpan<double> signal, ReadOnlySpan<double> other)
    {
        double[] samples = signal[..Math.Min(signal.Length, other.Length)].ToArray();
        if (signal.Length != other.Length)
        {
            foreach (ref double x in samples.AsSpan())
                x += Epsilon;
        }

        return samples;
    }

    private static MetricResult? Fault(string metric, string which, ReadOnlySpan<double> signal)
    {
        for (int i = 0; i < signal.Length; i++)
        {
            if (double.IsFinite(signal[i]))
                continue;
            return MetricResult.None(
                UnscorableReason.NonFiniteInput,
                $"{metric} has no value: sample {i} of the {which} signal is {(double.IsNaN(signal[i]) ? "NaN" : "infinite")}."
            );
        }

        return null;
    }
}
