using System.Diagnostics.CodeAnalysis;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>The band-passed copies of the listening signals on which delays are sought (section 6 of docs/pesq-algorithm.md).</summary>
internal static class AlignmentBranch
{
    internal static (float[] Reference, float[] Degraded) Filter(GuardedSignal reference, GuardedSignal degraded, RateTable table)
    {
        float[] refCopy = Prepare(reference, table),
            degCopy = Prepare(degraded, table);
        SecondOrderFilter.ApplyCascade(table.AlignmentFilter, refCopy, degCopy);
        return (refCopy, degCopy);
    }

    /// <summary>The same bits for one signal alone.</summary>
    internal static float[] Filter(GuardedSignal signal, RateTable table)
    {
        float[] copy = Prepare(signal, table);
        SecondOrderFilter.ApplyCascade(table.AlignmentFilter, copy, []);
        return copy;
    }

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static float[] Prepare(GuardedSignal signal, RateTable table)
    {
        float[] copy = signal.Buffer.AsSpan(0, signal.Length + table.Tail).ToArray();
        Span<float> samples = copy.AsSpan(table.Guard, signal.Count);
        double sum = 0;
        foreach (float x in samples)
            sum += x;
        double mean = sum / signal.Length; // quirk: the guarded length
        foreach (ref float x in samples)
            x = (float)(x - mean);

        for (int c = 0; c < table.Window; c++)
        {
            float ramp = (c + 0.5f) / table.Window;
            samples[c] *= ramp;
            samples[^(c + 1)] *= ramp;
        }

        return copy;
    }
}
