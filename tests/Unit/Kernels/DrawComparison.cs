using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>
/// Whether two sets of random draws of many tensors come from one distribution: a permutation test of all means and variances at once
/// (P. Westfall and S. Young, "Resampling-Based Multiple Testing", 1993, chapter 2: the largest of the standardised statistics).
/// </summary>
/// <remarks>
/// An element's values, centred and scaled over all draws of both sets, are compared by their mean and by the mean of their squares; a
/// tensor's statistic is the squared distance of the two sets' means over its elements. Which draw belongs to which set is then shuffled
/// many times, for all tensors together. A statistic is standardised by its mean and deviation over the shuffles, and the largest over
/// tensors decides. Where both sets are of one distribution, the true assignment is one of the shuffles: P(p &lt;= a) is at most a,
/// whatever depends on what, for all comparisons together.
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
    /// <param name="noise">Elements that vary by less are left out: rounding, which the two may do differently.</param>
    /// <param name="seed">Decides the shuffles.</param>
    public static DrawComparison Of(
        IReadOnlyDictionary<string, double[][]> first,
        IReadOnlyDictionary<string, double[][]> second,
        double noise,
        int seed
    )
    {
        var draws = first.Values.First().Length;
        var assignments = Assignments(draws, seed);
        var largest = new double[Shuffles + 1];
        Array.Fill(largest, double.NegativeInfinity);
        var (where, best, count) = ("", double.NegativeInfinity, 0);
        foreach (var (name, mine) in first)
        {
            foreach (var (what, gram) in Grams([.. mine, .. second[name]], noise))
            {
                var statistics = assignments.Select(a => Distance(gram, 2 * draws, a)).ToArray();
                double mean = statistics.Average(),
                    deviation = Math.Sqrt(statistics.Average(s => (s - mean) * (s - mean)));
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

    // Which draws are the first set's: truly, then shuffled.
    private static int[][] Assignments(int draws, int seed)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, 2 * draws).ToArray();
        return
        [
            all[..draws],
            .. Enumerable
                .Range(0, Shuffles)
                .Select(_ =>
                {
                    random.Shuffle(all);
                    return all[..draws].Order().ToArray();
                }),
        ];
    }

    /// <summary>Inner products of the draws' standardised values, and of their squares: all that the statistics need.</summary>
    private static IEnumerable<(string What, double[] Gram)> Grams(double[][] draws, double noise)
    {
        int n = draws.Length,
            length = draws[0].Length;
        var (values, squares) = (draws.Select(_ => new double[length]).ToArray(), draws.Select(_ => new double[length]).ToArray());
        var (means, deviations) = (new double[length], new double[length]);
        for (var i = 0; i < length; i++)
        {
            means[i] = draws.Average(d => d[i]);
            deviations[i] = Math.Sqrt(draws.Average(d => (d[i] - means[i]) * (d[i] - means[i])));
        }
        var any = false;
        for (var i = 0; i < length; i++)
        {
            if (deviations[i] <= noise)
                continue;
            any = true;
            for (var k = 0; k < n; k++)
            {
                values[k][i] = (draws[k][i] - means[i]) / deviations[i];
                squares[k][i] = (values[k][i] * values[k][i]) - 1; // of mean 0, too
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
            var product = Dot(rows[i], rows[j]);
            gram[(i * n) + j] = product;
            gram[(j * n) + i] = product;
        }
        return gram;
    }

    // The squared length of the first set's sum: the draws are centred, so that the other's is its opposite.
    private static double Distance(double[] gram, int n, int[] first)
    {
        double total = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var row = first[i] * n;
            for (var j = 0; j < i; j++)
                total += 2 * gram[row + first[j]];
            total += gram[row + first[i]];
        }
        return total;
    }

    private static double Dot(double[] left, double[] right)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(left);
        var b = MemoryMarshal.Cast<double, Vector<double>>(right);
        var sum = Vector<double>.Zero;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        var total = Vector.Sum(sum);
        for (var i = a.Length * Vector<double>.Count; i < left.Length; i++)
            total += left[i] * right[i];
        return total;
    }
}
