using System.Diagnostics.CodeAnalysis;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Power of a signal in the telephone band, and the gain that brings it to 1e7 (section 4 of docs/pesq-algorithm.md).</summary>
internal readonly record struct Level(float Power, float Gain)
{
    // Only what is lost in the rounding of samples of magnitude one has less power in the band; a gain of more than 1e17 amplifies
    // nothing but that, and would overflow single precision further on.
    private const float SmallestPower = 1e-28f;

    /// <summary>Whether there is anything in the band to be measured.</summary>
    internal bool IsMeasurable => Power >= SmallestPower && float.IsFinite(Gain);
}

/// <summary>Brings both signals to the same level in the telephone band (section 4).</summary>
internal static class LevelAlignment
{
    /// <summary>Level of a signal of a pair whose longer guarded length is <paramref name="longest"/> (quirk: M divides for
    /// both).</summary>
    internal static Level Measure(GuardedSignal signal, RateTable table, int longest, FftTally tally)
    {
        double sum = SpectralGain.Energy(
            signal.Buffer.AsSpan(table.Guard, signal.Count + table.Tail),
            GainCurve.LevelAlignment,
            table.SampleRate,
            tally
        );
        float power = (float)(sum / (longest - 2 * table.Guard + table.Tail));
        return new Level(power, (float)Math.Sqrt(1e7 / power));
    }

    /// <summary>Multiplies the signal by the gain.</summary>
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal static void Apply(GuardedSignal signal, float gain)
    {
        foreach (ref float x in signal.Buffer.AsSpan(0, signal.Length))
            x *= gain;
    }
}
