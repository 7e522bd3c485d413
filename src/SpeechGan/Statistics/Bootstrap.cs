using SpeechGan.Dsp;

namespace SpeechGan.Statistics;

/// <summary>A mean over utterances with its 95 % interval, where there are enough utterances for one.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Count">Number of values it is taken over.</param>
/// <param name="Low">Lower end of the interval; null where there is none.</param>
/// <param name="High">Upper end of the interval; null where there is none.</param>
/// <param name="NoInterval">Why there is no interval; null where there is one.</param>
public sealed record MeanEstimate(double Mean, int Count, double? Low, double? High, string? NoInterval)
{
    /// <summary>Whether the interval leaves zero out: such a mean difference can be told from none. Null where there is no
    /// interval.</summary>
    public bool? TellsFromZero => Low is { } low && High is { } high ? low > 0 || high < 0 : null;
}

/// <summary>
/// Bootstrap-t intervals of means (B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, section 12.5): each resample's
/// distance from the mean is divided by its own standard error, which keeps the coverage where utterances are few or values skewed.
/// Resamples are drawn by counters: the same values and seed give the same bits, whatever their order.
/// </summary>
public static class Bootstrap
{
    /// <summary>Probability that an interval covers.</summary>
    public const double Confidence = 0.95;

    /// <summary>Number of resamples; the ends of an interval are then the hundredth of them from either side.</summary>
    public const int Resamples = 4000;

    /// <summary>Fewest values of which an interval is computed: with fewer, too many resamples draw one value only.</summary>
    public const int Fewest = 5;

    private static readonly ulong Draws = CounterRandom.Stream("bootstrap");

    /// <summary>The mean of finite values with its interval.</summary>
    /// <param name="values">At least one; their order does not matter.</param>
    /// <param name="seed">Decides the resamples.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static MeanEstimate Estimate(IReadOnlyCollection<double> values, long seed)
    {
        ArgumentNullException.ThrowIfNull(values);
        double mean = SampleMean.Of(values);
        if (values.Count < Fewest)
            return new MeanEstimate(
                mean,
                values.Count,
                null,
                null,
                $"{values.Count} values are too few for an interval; at least {Fewest} are needed"
            );
        double[] sorted = [.. values.Order()];
        double error = StandardError(sorted, mean),
            rounding = Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[^1])) * 1e-14;
        if (error <= rounding)
            return new MeanEstimate(mean, sorted.Length, mean, mean, null); // all values are the same

        double[] distances = new double[Resamples],
            resample = new double[sorted.Length];
        for (int b = 0; b < Resamples; b++)
        {
            double sum = 0;
            for (int i = 0; i < resample.Length; i++)
                sum += resample[i] = sorted[CounterRandom.Below(sorted.Length, seed, Draws, b, i)];
            double resampled = sum / resample.Length,
                own = StandardError(resample, resampled);
            // A resample of one value only has no error of its own: beyond every bound on its side.
            distances[b] =
                own > rounding ? (resampled - mean) / own
                : resampled > mean ? double.PositiveInfinity
                : double.NegativeInfinity;
        }

        Array.Sort(distances);
        int tail = (int)(Resamples * (1 - Confidence) / 2);
        double low = mean - distances[Resamples - 1 - tail] * error,
            high = mean - distances[tail] * error;
        return double.IsFinite(low) && double.IsFinite(high)
            ? new MeanEstimate(mean, sorted.Length, low, high, null)
            : new MeanEstimate(
                mean,
                sorted.Length,
                null,
                null,
                "the values are too alike but for a few: no interval can be computed from them"
            );
    }

    private static double StandardError(ReadOnlySpan<double> values, double mean)
    {
        double squares = 0;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / (values.Length - 1) / values.Length);
    }
}
