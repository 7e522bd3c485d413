namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// The frames of the reference before any compensation (sections 11.1 to 12.1 of docs/pesq-algorithm.md). Not written to once measured.
/// </summary>
/// <param name="Range">The frames that count.</param>
/// <param name="Power">Pitch power densities, frame by frame; empty where the range is.</param>
/// <param name="Silent">Which frames are silent.</param>
/// <param name="AveragePower">Mean power of every band over the others.</param>
internal sealed record ReferenceFrames(FrameRange Range, float[] Power, bool[] Silent, double[] AveragePower)
{
    internal static ReferenceFrames Measure(float[] reference, int longest, RateTable table, FftTally tally)
    {
        FrameRange range = FrameRange.Find(reference, longest, table);
        if (range.First > range.Last)
            return new ReferenceFrames(range, [], [], []);
        int bands = table.Bands;
        float[] power = new float[(range.Last + 1) * bands];
        bool[] silent = new bool[range.Last + 1];
        var spectrum = new BarkSpectrum(table, tally);
        for (int f = 0; f < silent.Length; f++)
        {
            Span<float> frame = power.AsSpan(f * bands, bands);
            spectrum.Measure(reference, table.Guard + f * table.Hop, frame);
            silent[f] = BarkSpectrum.Audible(frame, 100, table.HearingThreshold) < 1e7;
        }

        return new ReferenceFrames(
            range,
            power,
            silent,
            Compensation.AveragePower(power, silent, Compensation.Divisor(longest, table), table)
        );
    }
}
