namespace SpeechGan.Metrics;

/// <summary>
/// CSIG, CBAK and COVL: predicted ratings (1 to 5) of signal distortion, background intrusiveness and overall quality (Y. Hu and P. Loizou,
/// "Evaluation of Objective Quality Measures for Speech Enhancement", 2008), with wide-band PESQ as the enhancement literature has it.
/// </summary>
/// <param name="Csig">Rating of signal distortion.</param>
/// <param name="Cbak">Rating of background intrusiveness.</param>
/// <param name="Covl">Overall rating.</param>
public sealed record CompositeMeasures(MetricResult Csig, MetricResult Cbak, MetricResult Covl)
{
    /// <summary>The three ratings from the measures they are made of; a rating is absent where one of its terms is.</summary>
    public static CompositeMeasures From(
        MetricResult wideBandPesq,
        MetricResult logLikelihoodRatio,
        MetricResult weightedSpectralSlope,
        MetricResult segmentalSnr
    ) =>
        new(
            Rating("CSIG", [wideBandPesq, logLikelihoodRatio, weightedSpectralSlope], t =>
                3.093 + 0.603 * t[0] - 1.029 * t[1] - 0.009 * t[2]
            ),
            Rating("CBAK", [wideBandPesq, weightedSpectralSlope, segmentalSnr], t => 1.634 + 0.478 * t[0] - 0.007 * t[1] + 0.063 * t[2]),
            Rating("COVL", [wideBandPesq, logLikelihoodRatio, weightedSpectralSlope], t =>
                1.594 + 0.805 * t[0] - 0.512 * t[1] - 0.007 * t[2]
            )
        );

    /// <summary>
    /// All of it from samples in [-1, 1], which the measures see on the scale of <paramref name="scale"/>: PESQ on the signals as they are,
    /// the rest cut to the shorter length.
    /// </summary>
    public static CompositeMeasures Score(
        ReadOnlySpan<float> clean,
        ReadOnlySpan<float> enhanced,
        int sampleRate,
        MetricScale scale = MetricScale.Int16
    )
    {
        double[] x = Scaled(clean, scale),
            y = Scaled(enhanced, scale);
        return From(
            Pesq.Score(clean, enhanced, sampleRate, PesqMode.WideBand),
            LogLikelihoodRatio.Score(x, y, sampleRate),
            WeightedSpectralSlope.Score(x, y, sampleRate),
            SegmentalSnr.Score(x, y, sampleRate)
        );
    }

    private static double[] Scaled(ReadOnlySpan<float> samples, MetricScale scale)
    {
        double factor = scale == MetricScale.Int16 ? 32768.0 : 1.0;
        double[] scaled = new double[samples.Length];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = samples[i] * factor;
        return scaled;
    }

    private static MetricResult Rating(string name, MetricResult[] terms, Func<double[], double> formula)
    {
        foreach (MetricResult term in terms)
        {
            if (term.TryGetReason(out UnscorableReason? reason))
                return MetricResult.None(reason.Value, $"{name} has no value because one of its terms has none: {term.Sentence}");
        }

        return MetricResult.Of(Math.Clamp(formula([.. terms.Select(t => t.Value)]), 1, 5));
    }
}
