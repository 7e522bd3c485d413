namespace SpeechGan.Statistics;

/// <summary>
/// Whether a short series rises or falls, without any assumption on its noise: the Mann-Kendall test (H. B. Mann, 1945; M. G. Kendall,
/// 1975) with the exact distribution over all orders for up to eight values and the normal one with correction for ties beyond, and the
/// Theil-Sen slope (P. K. Sen, 1968), the median of the slopes of all pairs, which a single odd epoch does not move.
/// </summary>
/// <param name="Count">Number of values.</param>
/// <param name="Slope">Theil-Sen slope, units a place.</param>
/// <param name="PFalls">Probability of falling at least as clearly by chance; null below three values.</param>
/// <param name="PRises">Probability of rising at least as clearly by chance; null below three values.</param>
public sealed record Trend(int Count, double Slope, double? PFalls, double? PRises)
{
    private const int Exact = 8; // 40 320 orders

    /// <summary>Tests a series.</summary>
    /// <param name="places">Where each value stands, ascending, an epoch for example.</param>
    /// <param name="values">At least two, finite.</param>
    /// <exception cref="ArgumentException">There are fewer than two values, or not as many places.</exception>
    public static Trend Of(IReadOnlyList<int> places, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(places);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < 2 || places.Count != values.Count)
            throw new ArgumentException(
                $"A trend needs two values and a place for each; {values.Count} values and {places.Count} places were given.",
                nameof(values)
            );
        var slopes = new List<double>();
        for (var i = 0; i < values.Count; i++)
        for (var j = i + 1; j < values.Count; j++)
            if (places[j] != places[i])
                slopes.Add((values[j] - values[i]) / (places[j] - places[i]));
        var slope = slopes.Count == 0 ? 0 : Median(slopes);
        if (values.Count < 3)
            return new Trend(values.Count, slope, null, null);
        var score = Score(values);
        var (falls, rises) = values.Count <= Exact ? OfAllOrders(values, score) : Normal(values, score);
        return new Trend(values.Count, slope, falls, rises);
    }

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static double Median(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
            throw new ArgumentException("There is no value to take the median of.", nameof(values));
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] / 2) + (sorted[middle] / 2);
    }

    // Pairs in rising order less pairs in falling order.
    private static int Score(IReadOnlyList<double> values)
    {
        var score = 0;
        for (var i = 0; i < values.Count; i++)
        for (var j = i + 1; j < values.Count; j++)
            score +=
                values[j].CompareTo(values[i]) is var order && order > 0 ? 1
                : order < 0 ? -1
                : 0;
        return score;
    }

    private static (double Falls, double Rises) OfAllOrders(IReadOnlyList<double> values, int score)
    {
        double[] order = [.. values];
        long orders = 0,
            below = 0,
            above = 0;
        Permute(0);
        return ((double)below / orders, (double)above / orders);

        void Permute(int from)
        {
            if (from == order.Length)
            {
                var s = Score(order);
                orders++;
                below += s <= score ? 1 : 0;
                above += s >= score ? 1 : 0;
                return;
            }

            for (var i = from; i < order.Length; i++)
            {
                (order[from], order[i]) = (order[i], order[from]);
                Permute(from + 1);
                (order[from], order[i]) = (order[i], order[from]);
            }
        }
    }

    private static (double Falls, double Rises) Normal(IReadOnlyList<double> values, int score)
    {
        double n = values.Count;
        var variance =
            ((n * (n - 1) * ((2 * n) + 5)) - values.GroupBy(v => v).Sum(g => g.Count() * (g.Count() - 1.0) * ((2.0 * g.Count()) + 5))) / 18;
        if (variance <= 0)
            return (1, 1);
        // Half a step towards zero: the score is whole.
        var sigma = Math.Sqrt(variance);
        return (Below((score + 1) / sigma), 1 - Below((score - 1) / sigma));
    }

    // The normal distribution function (Abramowitz and Stegun, 26.2.17; error below 7.5e-8).
    private static double Below(double z)
    {
        var x = Math.Abs(z);
        var t = 1 / (1 + (0.2316419 * x));
        var tail =
            Math.Exp(-x * x / 2)
            / Math.Sqrt(2 * Math.PI)
            * t
            * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z < 0 ? tail : 1 - tail;
    }
}
