using System.Globalization;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;
using SpeechGan.Statistics;

namespace SpeechGan.Comparison;

/// <summary>
/// Whether PESQ, SI-SDR, the training rate and the gradient shares of two sides differ by more than seeds do. Runs are paired by seed
/// and, within a seed, by utterance or step:
/// with <see cref="Bootstrap.Fewest"/> seeds the interval is over seeds, with fewer over the pairs within them, which knows nothing of
/// the spread of seeds. Of runs with more than <see cref="Thinned.Most"/> steps in common, means of neighbouring steps are the pairs.
/// </summary>
internal static class QuantityComparison
{
    private const string Valid = "valid";
    private const string Steps = "steps";
    private const long BootstrapSeed = 1;

    /// <summary>All quantities.</summary>
    /// <param name="a">Runs of A.</param>
    /// <param name="b">Runs of B, of the same seeds in the same order.</param>
    public static IReadOnlyList<QuantityDifference> Of(IReadOnlyList<ComparedRun> a, IReadOnlyList<ComparedRun> b)
    {
        var epoch = LastEvaluated(a.Concat(b));
        var noEpoch = "no epoch was evaluated in all runs";
        QuantityDifference[] quantities =
        [
            Of(
                "pesq_wb",
                "utterances",
                a,
                b,
                r => Scores(r, epoch, "pesq_wb"),
                epoch is null ? noEpoch : "no utterance has a score in both"
            ),
            Of("si_sdr", "utterances", a, b, r => Scores(r, epoch, "si_sdr"), epoch is null ? noEpoch : "no utterance has a score in both"),
            Of(
                "trainingRate",
                Steps,
                a,
                b,
                r =>
                    r.Config is { HasDiscriminator: false }
                        ? new KeyedValues<long>(Comparer<long>.Default)
                        : ValuesOf(r, s => Stepped(r, s)),
                "a side has no discriminator, or took no step"
            ),
            Of("gradientShare.ri", Steps, a, b, r => ValuesOf(r, s => Share(r, s, n => n.Ri)), NoShare("ri")),
            Of("gradientShare.magnitude", Steps, a, b, r => ValuesOf(r, s => Share(r, s, n => n.Magnitude)), NoShare("magnitude")),
            Of("gradientShare.time", Steps, a, b, r => ValuesOf(r, s => Share(r, s, n => n.Time)), NoShare("time")),
            Of("gradientShare.gan", Steps, a, b, r => ValuesOf(r, s => Share(r, s, n => n.Gan)), NoShare("GAN")),
        ];
        return a.Concat(b).Any(r => r.IsImported) ? ImportedQuantities.Of(quantities, a[0].Record, b[0].Record) : quantities;
    }

    /// <summary>The last epoch that every run evaluated; null where there is none.</summary>
    internal static int? LastEvaluated(IEnumerable<ComparedRun> runs)
    {
        HashSet<int>? common = null;
        foreach (var run in runs)
        {
            var own = run.Record.Evaluations.Where(e => e is { Split: Valid, Epoch: > 0 }).Select(e => e.Epoch).ToHashSet();
            common = common is null ? own : [.. common.Intersect(own)];
        }
        return common is { Count: > 0 } ? common.Max() : null;
    }

    // A run of this program writes it at every step; of an imported one absent is not measured.
    private static double? Stepped(RunRecord run, StepRow step)
    {
        if (step.DiscriminatorStepped is { } stepped)
        {
            if (stepped)
                return 1;
            return 0;
        }
        if (run.Info.Import is null)
            return 0;
        return null;
    }

    private static string NoShare(string term) => $"no step of both sides has a gradient of the {term} term";

    private static QuantityDifference Of<TKey>(
        string name,
        string unit,
        IReadOnlyList<ComparedRun> a,
        IReadOnlyList<ComparedRun> b,
        Func<RunRecord, KeyedValues<TKey>> read,
        string absent
    )
        where TKey : notnull
    {
        // One pair of runs is held at a time, but for the differences.
        var (meansOfA, meansOfB) = (new List<double>(), new List<double>());
        var differences = new List<(TKey Key, double Difference)>();
        var equal = true;
        for (var i = 0; i < a.Count; i++)
        {
            Thinned.Release(a[i].Record.Rows.Count);
            KeyedValues<TKey> x = read(a[i].Record),
                y = read(b[i].Record);
            var count = x.CountWith(y);
            if (count == 0)
                continue;
            double[] ofA = new double[count],
                ofB = new double[count];
            differences.EnsureCapacity(differences.Count + count);
            var at = 0;
            foreach (var (key, p, q) in x.With(y))
            {
                (ofA[at], ofB[at]) = (p, q);
                at++;
                differences.Add((key, q - p));
                equal &= p.Equals(q);
            }
            meansOfA.Add(SampleMean.Of(ofA));
            meansOfB.Add(SampleMean.Of(ofB));
        }
        if (meansOfA.Count == 0)
            return new QuantityDifference
            {
                Name = name,
                Pairs = unit,
                Verdict = QuantityVerdict.Unmeasured,
                Reason = absent,
            };
        var bySeed = meansOfA.Count >= Bootstrap.Fewest;
        double[] sample = bySeed ? [.. meansOfB.Zip(meansOfA, (y, x) => y - x)] : OfKeys(differences, seeds: meansOfA.Count);
        var width = bySeed || unit != Steps ? 1 : Thinned.Width(sample.Length);
        var difference = Bootstrap.Estimate(width == 1 ? sample : Thinned.Means(sample), BootstrapSeed);
        var spread = Spread([.. meansOfA], [.. meansOfB]);
        return new QuantityDifference
        {
            Name = name,
            MeanOfA = SampleMean.Of(meansOfA),
            MeanOfB = SampleMean.Of(meansOfB),
            Difference = difference,
            Pairs =
                bySeed ? "seeds"
                : width == 1 ? unit
                : string.Create(CultureInfo.InvariantCulture, $"means of {width} {unit}"),
            SeedSpread = spread,
            Verdict = equal ? QuantityVerdict.Equal : Judge(difference, spread),
            Reason = difference.NoInterval,
        };
    }

    // The mean difference of each key over the seeds, in the order of the keys.
    private static double[] OfKeys<TKey>(List<(TKey Key, double Difference)> differences, int seeds)
        where TKey : notnull =>
        seeds == 1
            ? [.. differences.Select(d => d.Difference)]
            : [.. differences.GroupBy(d => d.Key).OrderBy(g => g.Key).Select(g => SampleMean.Of([.. g.Select(d => d.Difference)]))];

    private static QuantityVerdict Judge(MeanEstimate difference, double? spread) =>
        (difference.TellsFromZero, spread) switch
        {
            (null, _) => QuantityVerdict.Unmeasured,
            (false, _) => QuantityVerdict.NotTold,
            (true, null) => QuantityVerdict.SeedsUnknown,
            (true, { } s) => Math.Abs(difference.Mean) > s ? QuantityVerdict.MoreThanSeeds : QuantityVerdict.LessThanSeeds,
        };

    // Root mean square of the distances of all pairs of seeds within each side.
    private static double? Spread(params double[][] sides)
    {
        double[] squares = [.. sides.SelectMany(m => m.SelectMany((x, i) => m.Skip(i + 1).Select(y => (x - y) * (x - y))))];
        return squares.Length == 0 ? null : Math.Sqrt(SampleMean.Of(squares));
    }

    private static KeyedValues<string> Scores(RunRecord run, int? epoch, string metric)
    {
        var scores = new KeyedValues<string>(StringComparer.Ordinal);
        if (epoch is { } evaluated)
            foreach (var evaluation in run.EvaluationsOf(evaluated).Where(e => e.Split == Valid))
                if (evaluation.Metrics.TryGetValue(metric, out var value))
                    scores.Add(evaluation.Name, value);
        return scores;
    }

    private static KeyedValues<long> ValuesOf(RunRecord run, Func<StepRow, double?> value)
    {
        var steps = new KeyedValues<long>(Comparer<long>.Default, run.Rows.Count);
        foreach (var row in run.Rows)
            if (value(row) is { } number && double.IsFinite(number))
                steps.Add(row.Step, number);
        return steps;
    }

    // A term that this program lacks has weight 0; of an imported record a share needs all four.
    private static double? Share(RunRecord run, StepRow step, Func<GradientNorms, double?> term) =>
        step.GradientNorm is { } norms
        && (run.Info.Import is null || norms is { Ri: not null, Magnitude: not null, Time: not null, Gan: not null })
            ? term(norms) / ((norms.Ri ?? 0) + (norms.Magnitude ?? 0) + (norms.Time ?? 0) + (norms.Gan ?? 0))
            : null;
}
