namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// The whole of PESQ on one page: both signals normalised and non-silent, any lengths of at least a quarter of a second.
/// docs/pesq-algorithm.md describes it; the section numbers in these files are those of that document.
/// </summary>
internal static class PesqModel
{
    internal static PesqAnalysis Analyse(ReadOnlySpan<float> reference, ReadOnlySpan<float> degraded, RateTable table, PesqMode mode)
    {
        int longest = Math.Max(reference.Length, degraded.Length) + 2 * table.Guard;
        var refSignal = new GuardedSignal(reference, table, longest + table.Tail);
        var degSignal = new GuardedSignal(degraded, table, longest + table.Tail);
        var analysis = new PesqAnalysis { ReferenceLength = refSignal.Length, DegradedLength = degSignal.Length };

        analysis.ReferenceLevel = LevelAlignment.Measure(refSignal, table, longest, analysis.Transforms);
        if (!analysis.ReferenceLevel.IsMeasurable)
            return analysis.Fail(UnscorableReason.SilentReference, "the clean signal has no measurable power between 350 and 3250 Hz");
        analysis.DegradedLevel = LevelAlignment.Measure(degSignal, table, longest, analysis.Transforms);
        if (!analysis.DegradedLevel.IsMeasurable)
            return Immeasurable(analysis);
        LevelAlignment.Apply(refSignal, analysis.ReferenceLevel.Gain);
        LevelAlignment.Apply(degSignal, analysis.DegradedLevel.Gain);
        ListeningFilter.Apply(refSignal, table, mode, analysis.Transforms);
        ListeningFilter.Apply(degSignal, table, mode, analysis.Transforms);

        (float[] refAlignment, float[] degAlignment) = AlignmentBranch.Filter(refSignal, degSignal, table);
        ActivityEnvelope refActivity = ActivityEnvelope.Measure(refAlignment, refSignal.Length, table.Window);
        var side = new ReferenceSide(refSignal, analysis.ReferenceLevel, refAlignment, refActivity, Prepared: null);
        return Compare(side, degSignal, degAlignment, table, mode, analysis);
    }

    /// <summary>
    /// The same bits with a prepared reference, for a degraded signal of its length, normalised by the peak of the reference, which has to
    /// be the larger one.
    /// </summary>
    internal static PesqAnalysis Analyse(ReferenceSide reference, ReadOnlySpan<float> degraded, RateTable table, PesqMode mode)
    {
        int longest = reference.Signal.Length;
        var degSignal = new GuardedSignal(degraded, table, longest + table.Tail);
        var analysis = new PesqAnalysis
        {
            ReferenceLength = longest,
            DegradedLength = degSignal.Length,
            ReferenceLevel = reference.Level,
        };
        analysis.DegradedLevel = LevelAlignment.Measure(degSignal, table, longest, analysis.Transforms);
        if (!analysis.DegradedLevel.IsMeasurable)
            return Immeasurable(analysis);
        LevelAlignment.Apply(degSignal, analysis.DegradedLevel.Gain);
        ListeningFilter.Apply(degSignal, table, mode, analysis.Transforms);
        return Compare(reference, degSignal, AlignmentBranch.Filter(degSignal, table), table, mode, analysis);
    }

    private static PesqAnalysis Immeasurable(PesqAnalysis analysis) =>
        analysis.Fail(UnscorableReason.SilentDegraded, "the enhanced signal has no measurable power between 350 and 3250 Hz");

    private static PesqAnalysis Compare(
        ReferenceSide reference,
        GuardedSignal degSignal,
        float[] degAlignment,
        RateTable table,
        PesqMode mode,
        PesqAnalysis analysis
    )
    {
        int window = table.Window;
        ActivityEnvelope refActivity = reference.Activity,
            degActivity = ActivityEnvelope.Measure(degAlignment, degSignal.Length, window);
        analysis.ReferenceActivity = refActivity;
        analysis.DegradedActivity = degActivity;

        PreparedStages? prepared = reference.Prepared;
        var coarse = new CoarseAlignment(refActivity.LogEnvelope, degActivity.LogEnvelope, window, analysis.Transforms);
        var fine = new FineAlignment(reference.Alignment, degAlignment, degSignal.Length, table, analysis.Transforms, prepared?.Spectra);
        int crude = analysis.CrudeDelay = coarse.WholeSignal(prepared?.Envelope);
        List<AlignedUtterance> utterances = UtteranceAlignment.Find(refActivity, crude, degSignal.Length, window);
        if (utterances.Count == 0)
            return analysis.Fail(
                UnscorableReason.NoUtterancesDetected,
                "no stretch of speech of at least 0.2 s was found in the clean signal"
            );
        if (utterances.Count > AlignedUtterance.Most)
            return analysis.Fail(
                UnscorableReason.TooManyUtterances,
                $"{utterances.Count} utterances were found, at most {AlignedUtterance.Most} are allowed"
            );

        UtteranceAlignment.Align(utterances, crude, coarse, fine, window);
        UtteranceAlignment.SetLimits(utterances, refActivity.Windows, degSignal.Length, window);
        analysis.AlignedUtterances = [.. utterances];
        new UtteranceSplitting(refActivity, coarse, fine, degSignal.Length, table).Split(utterances);
        analysis.SplitUtterances = utterances;

        ReferenceFrames frames = prepared?.Frames
            ?? ReferenceFrames.Measure(reference.Signal.Buffer, analysis.Longest, table, analysis.Transforms);
        analysis.Frames = frames.Range;
        if (analysis.Frames.First > analysis.Frames.Last)
            return analysis.Fail(UnscorableReason.NoUtterancesDetected, "the clean signal has no audible frame");
        PerceptualModel.Compare(reference.Signal.Buffer, frames, degSignal.Buffer, utterances, table, analysis);
        if (!double.IsFinite(analysis.SymmetricIndicator) || !double.IsFinite(analysis.AsymmetricIndicator))
            return analysis.Fail(UnscorableReason.SilentDegraded, "the levels of the signals are too far apart to be compared");

        analysis.Raw = (float)(4.5 - 0.1 * analysis.SymmetricIndicator - 0.0309 * analysis.AsymmetricIndicator);
        analysis.ListeningQuality = Mapping.ToListeningQuality(analysis.Raw, mode);
        return analysis;
    }
}
