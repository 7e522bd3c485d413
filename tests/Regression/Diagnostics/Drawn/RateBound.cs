namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>The 95 % interval of a rate (Clopper and Pearson, Biometrika 26, 1934): exact, so wide rather than narrow.</summary>
internal static class RateBound
{
    private const double Tail = 0.025;

    /// <summary>Least and greatest rate that the count does not speak against.</summary>
    /// <param name="count">Cases.</param>
    /// <param name="of">Trials, at least 1.</param>
    public static (double Low, double High) Of(int count, int of) =>
        (count == 0 ? 0 : Solve(p => 1 - AtMost(count - 1, of, p) > Tail), count == of ? 1 : Solve(p => AtMost(count, of, p) < Tail));

    /// <summary>The upper bound where nothing was counted is one-sided: "the rule of three" made exact.</summary>
    public static double Upper95(int count, int of) => count == of ? 1 : Solve(p => AtMost(count, of, p) < 2 * Tail);

    // The least rate that holds.
    private static double Solve(Predicate<double> holds)
    {
        double low = 0,
            high = 1;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }
        return high;
    }

    private static double AtMost(int count, int of, double p)
    {
        double sum = 0,
            term = Math.Pow(1 - p, of);
        for (var k = 0; k <= count; k++)
        {
            sum += term;
            term *= (of - k) / (k + 1.0) * p / (1 - p);
        }
        return sum;
    }
}
