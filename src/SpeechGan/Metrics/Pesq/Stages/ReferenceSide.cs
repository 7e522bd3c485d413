namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// What a comparison knows of the clean signal alone (sections 3 to 7 of docs/pesq-algorithm.md). It depends on the other signal only
/// through the longer of the two lengths and the larger of the two peaks; where those are the clean signal's own, it can be prepared once
/// and used for any number of comparisons, which only read it.
/// </summary>
/// <param name="Signal">The listening signal between its guards.</param>
/// <param name="Level">Its level before alignment.</param>
/// <param name="Alignment">The alignment signal.</param>
/// <param name="Activity">Its activity and log envelope.</param>
/// <param name="Prepared">What only many comparisons are worth; null in a single one.</param>
internal sealed record ReferenceSide(
    GuardedSignal Signal,
    Level Level,
    float[] Alignment,
    ActivityEnvelope Activity,
    PreparedStages? Prepared
)
{
    /// <summary>Prepares a clean signal that is divided by its own peak; null where its level cannot be measured.</summary>
    internal static ReferenceSide? Prepare(ReadOnlySpan<float> normalised, RateTable table, PesqMode mode)
    {
        var unread = new FftTally();
        int longest = normalised.Length + 2 * table.Guard;
        var signal = new GuardedSignal(normalised, table, longest + table.Tail);
        Level level = LevelAlignment.Measure(signal, table, longest, unread);
        if (!level.IsMeasurable)
            return null;
        LevelAlignment.Apply(signal, level.Gain);
        ListeningFilter.Apply(signal, table, mode, unread);
        float[] alignment = AlignmentBranch.Filter(signal, table);
        ActivityEnvelope activity = ActivityEnvelope.Measure(alignment, signal.Length, table.Window);
        var prepared = new PreparedStages(
            EnvelopeSpectrum.Of(activity.LogEnvelope, CoarseAlignment.SizeFor(activity.Windows, activity.Windows)),
            ReferenceFrames.Measure(signal.Buffer, longest, table, unread),
            new FrameSpectra()
        );
        return new ReferenceSide(signal, level, alignment, activity, prepared);
    }
}

/// <summary>Reference-side results of later stages.</summary>
/// <param name="Envelope">Spectrum of the log envelope, for the delay of the whole signal (section 8).</param>
/// <param name="Frames">Frame range and pitch power densities before compensation (section 11).</param>
/// <param name="Spectra">Spectra of frames of the alignment signal (section 9.2), filled as they are asked for.</param>
internal sealed record PreparedStages(EnvelopeSpectrum Envelope, ReferenceFrames Frames, FrameSpectra Spectra);
