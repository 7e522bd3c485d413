namespace SpeechGan.Metrics.PesqStages;

/// <summary>What the listener's telephone or headphone does to a signal (section 5 of docs/pesq-algorithm.md), in place.</summary>
internal static class ListeningFilter
{
    private const int TaperLength = 16;

    internal static void Apply(GuardedSignal signal, RateTable table, PesqMode mode, FftTally tally)
    {
        if (mode == PesqMode.WideBand)
            WideBand(signal, table);
        else
            NarrowBand(signal, table, tally);
    }

    private static void NarrowBand(GuardedSignal signal, RateTable table, FftTally tally)
    {
        SpectralGain.Apply(signal.Buffer.AsSpan(table.Guard, signal.Count + table.Tail), GainCurve.IrsReceive, table.SampleRate, tally);
    }

    private static void WideBand(GuardedSignal signal, RateTable table)
    {
        Span<float> samples = signal.Buffer.AsSpan(table.Guard, signal.Count);
        // Quirk: the taper reaches sample G - 1, a zero, so 15 samples at each end are scaled.
        for (int i = 1; i < TaperLength; i++)
        {
            float weight = i / (float)TaperLength;
            samples[i - 1] *= weight;
            samples[^i] *= weight;
        }

        foreach (SecondOrderSection section in table.WideBandInputFilter)
            SecondOrderFilter.Apply(section, samples);
    }
}
