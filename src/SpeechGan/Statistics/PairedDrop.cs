using System.Globalization;
using SpeechGan.Dsp;

namespace SpeechGan.Statistics;

/// <summary>
/// Whether a second version of the same utterances scores lower than the first by more than a margin: a one-sided sign-flip permutation
/// test of the paired differences (R. A. Fisher, "The Design of Experiments", 1935, section 21; E. Edgington and P. Onghena, "Randomization
/// Tests", 2007, chapter 6).
/// </summary>
/// <remarks>
/// The margin is what two hosts may differ by without a fault (a golden's tolerance of the mean). Under the hypothesis that the mean drop
/// is no larger, each difference, the margin taken off, is as likely to lie on one side of zero as on the other; the p-value is the share
/// of all sign patterns whose mean is at least as low as the one found. Pairing takes out what utterances differ by among themselves, which
/// is a hundred times more.
/// </remarks>
/// <param name="MeanDrop">First minus second, mean over the pairs.</param>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="Margin">Drop that is no alarm.</param>
/// <param name="PValue">Probability of such a drop without a fault; null where there are too few pairs to say.</param>
public sealed record PairedDrop(double MeanDrop, int Pairs, double Margin, double? PValue)
{
    /// <summary>A p-value up to this is an alarm: one healthy comparison in a hundred at most.</summary>
    public const double Significance = 0.01;

    /// <summary>Fewest pairs: with six, the smallest possible p-value is 1/64, above <see cref="Significance"/>.</summary>
    public const int Fewest = 7;

    // All sign patterns up to here (65 536); a sample of them beyond.
    private const int Exact = 16;
    private const int Sampled = 20_000;

    private static readonly ulong Signs = CounterRandom.Stream("sign-flips");

    /// <summary>Whether a drop was found; null where there are too few pairs to say.</summary>
    public bool? Found => PValue is { } p ? p <= Significance : null;

    /// <summary>The result in a sentence.</summary>
    public string Sentence =>
        PValue is { } p
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The mean drop over {Pairs} pairs is {MeanDrop:F4} ({Margin:G3} is no alarm): "
                    + $"{(Found == true ? "a drop" : "no drop beyond that")} (p = {p:G3}, an alarm up to {Significance})."
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Pairs} pairs are too few to tell a drop from chance; at least {Fewest} are needed."
            );

    /// <summary>Tests paired differences.</summary>
    /// <param name="differences">Second minus first of each utterance, finite; their order does not matter.</param>
    /// <param name="margin">Drop that is no alarm, at least 0.</param>
    /// <param name="seed">Decides the sign patterns where there are too many to go through.</param>
    /// <exception cref="ArgumentException">There is no difference, or the margin is negative.</exception>
    public static PairedDrop Of(IReadOnlyCollection<double> differences, double margin, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(differences);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        var drop = -SampleMean.Of(differences);
        if (differences.Count < Fewest)
            return new PairedDrop(drop, differences.Count, margin, null);

        double[] beyond = [.. differences.Order().Select(d => -d - margin)];
        var found = beyond.Sum();
        // A pattern that gives the same sum but for rounding counts as reaching it.
        var least = found - (1e-12 * beyond.Sum(Math.Abs));
        return new PairedDrop(
            drop,
            differences.Count,
            margin,
            differences.Count <= Exact ? OfAll(beyond, least) : OfSample(beyond, least, seed)
        );
    }

    private static double OfAll(double[] beyond, double least)
    {
        var patterns = 1 << beyond.Length;
        var reached = 0;
        for (var pattern = 0; pattern < patterns; pattern++)
        {
            double sum = 0;
            for (var i = 0; i < beyond.Length; i++)
                sum += (pattern >> i & 1) == 0 ? beyond[i] : -beyond[i];

            reached += sum >= least ? 1 : 0;
        }

        return (double)reached / patterns;
    }

    // The pattern that was found counts as one of the sample: a p-value is never 0.
    private static double OfSample(double[] beyond, double least, long seed)
    {
        var reached = 1;
        for (var pattern = 0; pattern < Sampled; pattern++)
        {
            double sum = 0;
            ulong bits = 0;
            for (var i = 0; i < beyond.Length; i++)
            {
                bits = i % 64 == 0 ? CounterRandom.Bits(seed, Signs, pattern, i / 64) : bits >> 1;
                sum += (bits & 1) == 0 ? beyond[i] : -beyond[i];
            }

            reached += sum >= least ? 1 : 0;
        }

        return (double)reached / (Sampled + 1);
    }
}
