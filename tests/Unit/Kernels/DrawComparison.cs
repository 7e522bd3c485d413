namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>
/// Whether two sets of random draws of many tensors come from one distribution: a permutation test of all means and variances at once
/// (P. Westfall and S. Young, "Resampling-Based Multiple Testing", 1993, chapter 2: the largest of the standardised statistics).
/// </summary>
/// <remarks>
/// An element's values, centred and scaled over all draws of both sets, are compared by their mean and by the mean of their squares; a tensor's
/// statistic is the squared distance of the two sets' means over its elements. Which draw belongs to which set is then shuffled many times, for all tensors
/// together. A statistic is standardised by its mean and deviation over the shuffles, and the largest over tensors decides. Where both sets
/// are of one distribution, the true assignment is one of the shuffles: P(p &lt;= a) is at most a, whatever depends on what, for all comparisons together.
/// </remarks>
/// <param name="PValue">Of the largest statistic.</param>
/// <param name="Largest">Where it is: a tensor, and mean or variance.</param>
/// <param name="Comparisons">Statistics.</param>
internal sealed record DrawComparison(double PValue, string Largest, int Comparisons)
{
    /// <summary>Shuffles; the smallest possible p-value is one in <c>Shuffles + 1</c>.</summary>
    public const int Shuffles = 1999;

    /// <summary>Compares draws, `[draw][element]` by tensor, as many of each set.</summary>
    /// <param name="first">A set.</param>
    /// <param name="second">The other: the same tensors.</param>
    /// <param name="noise">Elements that vary by less than this share of the tensor's largest are left out: rounding, which the two may do differently.</param>
    /// <param name="seed">Decides the shuffles.</param>
    public static DrawComparison Of(
        IReadOnlyDictionary<string, double[][]> first, IReadOnlyDictionary<string, double[][]> second, double noise, int seed)
    {
        var draws = first.Values.First().Length;
        var signs = Assignments(draws, seed);
        var largest = new double[Shuffles + 1];
        Array.Fill(largest, double.NegativeInfinity);
        var (where, best, count) = ("", double.NegativeInfinity, 0);
        foreach (var (name, mine) in first)
        {
            foreach (var (what, gram) in Grams([.. mine, .. second[name]], noise))
            {
                var statistics = signs.Select(s => Distance(gram, s)).ToArray();
                double mean = statistics.Average(), deviation = Math.Sqrt(statistics.Average(s => (s - mean) * (s - mean)));
                for (var k = 0; k < statistics.Length; k++)
                    largest[k] = Math.Max(largest[k], (statistics[k] - mean) / deviation);
                count++;
                if ((statistics[0] - mean) / deviation > best)
                    (where, best) = ($"{what} of {name}", (statistics[0] - mean) / deviation);
            }
        }
        // The true assignment is the first, and counts as one of them.
        return new(largest.Count(l => l >= largest[0]) / (double)largest.Length, where, count);
    }

    // The true assignment, then shuffled ones: +1 a draw of the first set, -1 one of the second.
    private static sbyte[][] Assignments(int draws, int seed)
    {
        var random = new Random(seed);
        var truth = Enumerable.Range(0, 2 * draws).Select(i => (sbyte)(i < draws ? 1 : -1)).ToArray();
        return [truth, .. Enumerable.Range(0, Shuffles).Select(_ =>
        {
            var shuffled = truth.ToArray();
            random.Shuffle(shuffled);
            return shuffled;
        })];
    }

    /// <summary>Inner products of the draws' standardised values, and of their squares: all that the statistics need.</summary>
    private static IEnumerable<(string What, double[] Gram)> Grams(double[][] draws, double noise)
    {
        int n = draws.Length, length = draws[0].Length;
        var (values, squares) = (draws.Select(_ => new double[length]).ToArray(), draws.Select(_ => new double[length]).ToArray());
        var (means, deviations) = (new double[length], new double[length]);
        for (var i = 0; i < length; i++)
        {
            means[i] = draws.Average(d => d[i]);
            deviations[i] = Math.Sqrt(draws.Average(d => (d[i] - means[i]) * (d[i] - means[i])));
        }
        var least = noise * draws.Max(d => d.Max(Math.Abs));
        var any = false;
        for (var i = 0; i < length; i++)
        {
            if (deviations[i] <= least)
                continue;
            any = true;
            for (var k = 0; k < n; k++)
            {
                values[k][i] = (draws[k][i] - means[i]) / deviations[i];
                squares[k][i] = (values[k][i] * values[k][i]) - 1;  // of mean 0, too
            }
        }
        return any ? [("mean", Gram(values)), ("variance", Gram(squares))] : [];
    }

    private static double[] Gram(double[][] rows)
    {
        var n = rows.Length;
        var gram = new double[n * n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j <= i; j++)
            {
                var product = System.Numerics.Tensors.TensorPrimitives.Dot<double>(rows[i], rows[j]);
                gram[(i * n) + j] = product;
                gram[(j * n) + i] = product;
            }
        return gram;
    }

    // |sum of the one - sum of the other|^2.
    private static double Distance(double[] gram, sbyte[] signs)
    {
        var n = signs.Length;
        double total = 0;
        for (var i = 0; i < n; i++)
        {
            double row = 0;
            for (var j = 0; j < n; j++)
                row += signs[j] * gram[(i * n) + j];
            total += signs[i] * row;
        }
        return total;
    }
}
