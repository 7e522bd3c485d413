namespace SpeechGan.Metrics.PesqStages;

/// <summary>Sections 11 to 15 of docs/pesq-algorithm.md: from aligned listening signals to the two disturbance indicators.</summary>
internal static class PerceptualModel
{
    internal static void Compare(
        float[] reference,
        ReferenceFrames referenceFrames,
        float[] degraded,
        IReadOnlyList<AlignedUtterance> utterances,
        RateTable table,
        PesqAnalysis analysis
    )
    {
        int frames = analysis.Frames.Last + 1,
            bands = table.Bands,
            longest = analysis.Longest;
        double[] threshold = table.HearingThreshold;
        var spectrum = new BarkSpectrum(table, analysis.Transforms);
        var disturbance = new Disturbance(table);
        float[] refPower = [.. referenceFrames.Power],
            degPower = new float[frames * bands];
        bool[] silent = referenceFrames.Silent;
        Measure(degraded, utterances, spectrum, table, degPower, frames);

        analysis.SilentFrames = silent.Count(s => s);
        analysis.ReferenceAveragePower = referenceFrames.AveragePower;
        analysis.DegradedAveragePower = Compensation.AveragePower(degPower, silent, Compensation.Divisor(longest, table), table);
        Compensation.MatchSpectrum(refPower, analysis.ReferenceAveragePower, analysis.DegradedAveragePower);

        double[] audible = new double[frames],
            symmetric = new double[frames],
            asymmetric = new double[frames];
        double previous = 1;
        bool anyBad = false;
        for (int f = 0; f < frames; f++)
        {
            Span<float> refBands = refPower.AsSpan(f * bands, bands),
                degBands = degPower.AsSpan(f * bands, bands);
            audible[f] = BarkSpectrum.Audible(refBands, 1, threshold);
            Compensation.MatchGain(audible[f], degBands, threshold, f == 0, ref previous);
            (symmetric[f], asymmetric[f]) = disturbance.Measure(refBands, degBands);
            anyBad |= symmetric[f] > BadIntervals.Threshold; // taken before lost frames are zeroed
        }

        analysis.AudiblePower = audible;
        analysis.SymmetricBefore = [.. symmetric];
        analysis.AsymmetricBefore = [.. asymmetric];
        analysis.SkippedFrames = BadIntervals.SkipLostFrames(utterances, symmetric, asymmetric, table);
        if (anyBad)
            analysis.BadIntervals = Realign(
                reference,
                degraded,
                utterances,
                table,
                analysis,
                spectrum,
                disturbance,
                refPower,
                audible,
                symmetric,
                asymmetric
            );

        analysis.SymmetricAfter = [.. symmetric];
        analysis.AsymmetricAfter = [.. asymmetric];
        Aggregation.WeighFrames(symmetric, asymmetric, audible);
        analysis.SymmetricIndicator = Aggregation.OverTime(symmetric, analysis.Frames.First, longest, table);
        analysis.AsymmetricIndicator = Aggregation.OverTime(asymmetric, analysis.Frames.First, longest, table);
    }

    private static void Measure(
        float[] degraded,
        IReadOnlyList<AlignedUtterance> utterances,
        BarkSpectrum spectrum,
        RateTable table,
        float[] power,
        int frames
    )
    {
        int bands = table.Bands;
        for (int f = 0; f < frames; f++)
        {
            int i = table.Guard + f * table.Hop,
                j = i + AlignedUtterance.DelayAt(utterances, i, table.Window);
            if (j > 0 && j + table.Frame < degraded.Length)
                spectrum.Measure(degraded, j, power.AsSpan(f * bands, bands));
        }
    }

    // Section 14.2 and 14.3: where a bad interval fits better at another delay, the smaller disturbance counts.
    private static List<BadInterval> Realign(
        float[] reference,
        float[] degraded,
        IReadOnlyList<AlignedUtterance> utterances,
        RateTable table,
        PesqAnalysis analysis,
        BarkSpectrum spectrum,
        Disturbance disturbance,
        float[] refPower,
        double[] audible,
        double[] symmetric,
        double[] asymmetric
    )
    {
        List<(int First, int End)> stretches = BadIntervals.Find(symmetric);
        if (stretches.Count == 0)
            return [];
        int longest = analysis.Longest;
        float[] moved = BadIntervals.RemoveDelays(degraded, utterances, table);
        List<BadInterval> intervals =
        [
            .. stretches.Select(s => new BadInterval(
                s.First,
                s.End,
                BadIntervals.DelayOf(reference, moved, s.First, s.End, longest, table, analysis.Transforms)
            )),
        ];
        float[] realigned = BadIntervals.Realign(moved, intervals, longest, table);
        int bands = table.Bands;
        float[] degBands = new float[bands];
        foreach (BadInterval interval in intervals)
        {
            double previous = 1;
            for (int f = interval.First; f < interval.End; f++)
            {
                spectrum.Measure(realigned, table.Guard + f * table.Hop, degBands);
                Compensation.MatchGain(audible[f], degBands, table.HearingThreshold, isFirst: false, ref previous);
                (double s, double y) = disturbance.Measure(refPower.AsSpan(f * bands, bands), degBands);
                symmetric[f] = Math.Min(symmetric[f], s);
                asymmetric[f] = Math.Min(asymmetric[f], y);
            }
        }

        return intervals;
    }
}
