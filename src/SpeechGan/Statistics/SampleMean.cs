namespace SpeechGan.Statistics;

/// <summary>Means that do not depend on the order of their values, to the last bit.</summary>
public static class SampleMean
{
    /// <summary>Mean of finite values.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static double Of(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new ArgumentException("There is no value to take the mean of.", nameof(values));
        double[] sorted = [.. values.Order()];
        return OfSorted(sorted);
    }

    // Sorted, the values have one order only; the compensation (A. Neumaier, 1974) keeps what rounding would lose.
    internal static double OfSorted(ReadOnlySpan<double> sorted)
    {
        double sum = 0,
            lost = 0;
        foreach (double value in sorted)
        {
            double next = sum + value;
            lost += Math.Abs(sum) >= Math.Abs(value) ? (sum - next) + value : (value - next) + sum;
            sum = next;
        }

        return (sum + lost) / sorted.Length;
    }
}
