namespace SpeechGan.Metrics;

/// <summary>
/// Every metric of one enhanced signal against its clean one: a value or the reason why there is none. A pure function of the samples, the
/// same bits on any CPU and in any thread; it needs no native library.
/// </summary>
public sealed class ScoreSet
{
    /// <summary>Lowest and highest sample rate in Hz at which anything is scored; PESQ is defined at 8000 and 16000 only.</summary>
    public const int LowestRate = 4_000,
        HighestRate = 384_000;

    private const double FullScale = 32768;

    private readonly Dictionary<Metric, MetricResult> results;

    private ScoreSet(ScoreOptions options, Func<Metric, MetricResult> result) =>
        (Options, results) = (options, Metric.All.ToDictionary(metric => metric, result));

    /// <summary>What computes the scores; its version is raised whenever a bit of a score changes.</summary>
    public static MetricImplementation Implementation { get; } = new("SpeechGan.Metrics", "1.0", Pesq.Implementation.Arithmetic);

    /// <summary>The conventions under which it was scored.</summary>
    public ScoreOptions Options { get; }

    /// <summary>Value or reason of each metric, in the order of <see cref="Metric.All"/>.</summary>
    public IEnumerable<(Metric Metric, MetricResult Result)> Results => Metric.All.Select(metric => (metric, results[metric]));

    /// <summary>Whether any metric has a value.</summary>
    public bool HasValue => results.Values.Any(result => result.HasValue);

    /// <summary>Value or reason of one metric.</summary>
    public MetricResult this[Metric metric] => results[metric];

    /// <summary>Scores <paramref name="enhanced"/> against <paramref name="clean"/>. Never throws for what is in the signals.</summary>
    /// <param name="clean">Reference samples, mono, full scale being -1 .. 1.</param>
    /// <param name="enhanced">Processed samples at the same rate. Where lengths differ, all but PESQ see both cut to the shorter.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="options">The conventions; null for the defaults.</param>
    public static ScoreSet Of(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced, int sampleRate, ScoreOptions? options = null)
    {
        options ??= ScoreOptions.Default;
        return Of(clean, enhanced, sampleRate, options, null);
    }

    /// <summary>The same, bit by bit, where the clean signal is prepared.</summary>
    /// <param name="clean">The prepared clean signal, with the conventions.</param>
    /// <param name="enhanced">Processed samples at its rate.</param>
    public static ScoreSet Of(ScoreReference clean, ReadOnlySpan<float> enhanced)
    {
        ArgumentNullException.ThrowIfNull(clean);
        return Of(clean.WideBand.Clean, enhanced, clean.SampleRate, clean.Options, clean);
    }

    private static ScoreSet Of(
        ReadOnlySpan<float> clean,
        ReadOnlySpan<float> enhanced,
        int sampleRate,
        ScoreOptions options,
        ScoreReference? prepared
    )
    {
        if (sampleRate is < LowestRate or > HighestRate)
            return Unscorable(
                UnscorableReason.InvalidSampleRate,
                $"{sampleRate} Hz is no sample rate of speech; {LowestRate} to {HighestRate} Hz are scored.",
                options
            );

        MetricResult wideBand = NotAsked("wide-band"),
            narrowBand = NotAsked("narrow-band"),
            raw = narrowBand;
        if (options.Modes != PesqModes.NarrowBand)
            wideBand = prepared?.WideBand.Score(enhanced) ?? Pesq.Score(clean, enhanced, sampleRate, PesqMode.WideBand);
        if (options.Modes != PesqModes.WideBand)
            (narrowBand, raw) = prepared?.NarrowBand.ScoreAndRaw(enhanced)
                ?? Pesq.ScoreAndRaw(clean, enhanced, sampleRate, PesqMode.NarrowBand);

        // The 16-bit scale is an exact shift of each sample's exponent, so that LLR, STOI and SI-SDR do not depend on the choice.
        double scale = options.Scale == MetricScale.Int16 ? FullScale : 1;
        double[] x = Scaled(clean, scale),
            y = Scaled(enhanced, scale);
        MetricResult ssnr = SegmentalSnr.Score(x, y, sampleRate),
            wss = WeightedSpectralSlope.Score(x, y, sampleRate),
            llr = LogLikelihoodRatio.Score(x, y, sampleRate),
            stoi = Stoi.Score(x, y, sampleRate),
            siSdr = SiSdr.Score(x, y);
        CompositeMeasures ratings = CompositeMeasures.From(wideBand, llr, wss, ssnr);
        var results = new Dictionary<Metric, MetricResult>
        {
            [Metric.PesqWideBand] = wideBand,
            [Metric.PesqNarrowBand] = narrowBand,
            [Metric.RawPesqNarrowBand] = raw,
            [Metric.Csig] = ratings.Csig,
            [Metric.Cbak] = ratings.Cbak,
            [Metric.Covl] = ratings.Covl,
            [Metric.SegmentalSnr] = ssnr,
            [Metric.WeightedSpectralSlope] = wss,
            [Metric.LogLikelihoodRatio] = llr,
            [Metric.Stoi] = stoi,
            [Metric.SiSdr] = siSdr,
        };
        return new ScoreSet(options, metric => results[metric]);
    }

    /// <summary>The scores of a pair that could not even be read: no metric has a value, all for one reason.</summary>
    public static ScoreSet Unscorable(UnscorableReason reason, string sentence, ScoreOptions? options = null)
    {
        MetricResult none = MetricResult.None(reason, sentence);
        return new ScoreSet(options ?? ScoreOptions.Default, _ => none);
    }

    private static MetricResult NotAsked(string mode) =>
        MetricResult.None(UnscorableReason.NotRequested, $"PESQ has no value: {mode} was not asked for.");

    private static double[] Scaled(ReadOnlySpan<float> samples, double scale)
    {
        double[] scaled = new double[samples.Length];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = samples[i] * scale;
        return scaled;
    }
}
