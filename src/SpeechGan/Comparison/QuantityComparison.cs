using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Comparison;

/// <summary>
/// Whether PESQ, SI-SDR, the training rate and the gradient shares of two sides differ by more than seeds do. Runs are paired by seed
/// and, within a seed, by utterance or step:
/// with <see cref="Bootstrap.Fewest"/> seeds the interval is over seeds, with fewer over the pairs within them, which knows nothing of
/// the spread of seeds.
/// </summary>
internal static class QuantityComparison
{
    private const string Valid = "valid";
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
                "steps",
                a,
                b,
                r => r.Config is { HasDiscriminator: false } ? [] : Steps(r, s => Stepped(r, s)),
                "a side has no discriminator, or took no step"
            ),
            Of("gradientShare.ri", "steps", a, b, r => Steps(r, s => Share(r, s, n => n.Ri)), NoShare("ri")),
            Of("gradientShare.magnitude", "steps", a, b, r => Steps(r, s => Share(r, s, n => n.Magnitude)), NoShare("magnitude")),
            Of("gradientShare.time", "steps", a, b, r => Steps(r, s => Share(r, s, n => n.Time)), NoShare("time")),
            Of("gradientShare.gan", "steps", a, b, r => Steps(r, s => Share(r, s, n => n.Gan)), NoShare("GAN")),
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
    private static double? Stepped(RunRecord run, StepTelemetry step) =>
        step.DiscriminatorStepped is { } stepped ? (stepped ? 1 : 0)
        : run.Info.Import is null ? 0
        : null;

    private static string NoShare(string term) => $"no step of both sides has a gradient of the {term} term";

    private static QuantityDifference Of(
        string name,
        string unit,
        IReadOnlyList<ComparedRun> a,
        IReadOnlyList<ComparedRun> b,
        Func<RunRecord, Dictionary<string, double>> read,
        string absent
    )
    {
        Dictionary<string, double>[] ofA = [.. a.Select(r => read(r.Record))],
            ofB = [.. b.Select(r => read(r.Record))];
        string[][] keys = [.. ofA.Select((v, i) => v.Keys.Where(ofB[i].ContainsKey).Order(StringComparer.Ordinal).ToArray())];
        int[] paired = [.. Enumerable.Range(0, keys.Length).Where(i => keys[i].Length > 0)];
        if (paired.Length == 0)
            return new QuantityDifference
            {
                Name = name,
                Pairs = unit,
                Verdict = QuantityVerdict.Unmeasured,
                Reason = absent,
            };
        double[] meansOfA = [.. paired.Select(i => SampleMean.Of([.. keys[i].Select(k => ofA[i][k])]))],
            meansOfB = [.. paired.Select(i => SampleMean.Of([.. keys[i].Select(k => ofB[i][k])]))];
        var bySeed = paired.Length >= Bootstrap.Fewest;
        double[] differences = bySeed
            ? [.. meansOfB.Zip(meansOfA, (y, x) => y - x)]
            :
            [
                .. paired
                    .SelectMany(i => keys[i].Select(k => (Key: k, Difference: ofB[i][k] - ofA[i][k])))
                    .GroupBy(d => d.Key)
                    .Select(g => SampleMean.Of([.. g.Select(d => d.Difference)])),
            ];
        var difference = Bootstrap.Estimate(differences, BootstrapSeed);
        var spread = Spread(meansOfA, meansOfB);
        return new QuantityDifference
        {
            Name = name,
            MeanOfA = SampleMean.Of(meansOfA),
            MeanOfB = SampleMean.Of(meansOfB),
            Difference = difference,
            Pairs = bySeed ? "seeds" : unit,
            SeedSpread = spread,
            Verdict = paired.All(i => keys[i].All(k => ofA[i][k].Equals(ofB[i][k]))) ? QuantityVerdict.Equal : Judge(difference, spread),
            Reason = difference.NoInterval,
        };
    }

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

    private static Dictionary<string, double> Scores(RunRecord run, int? epoch, string metric)
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var evaluation in run.Evaluations.Where(e => e.Split == Valid && e.Epoch == epoch))
            if (evaluation.Metrics.TryGetValue(metric, out var value))
                scores[evaluation.Name] = value;
        return scores;
    }

    private static Dictionary<string, double> Steps(RunRecord run, Func<StepTelemetry, double?> value)
    {
        var steps = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var step in run.Steps)
            if (value(step) is { } number && double.IsFinite(number))
                steps[step.Step.ToString("D9", System.Globalization.CultureInfo.InvariantCulture)] = number;
        return steps;
    }

    // A term that this program lacks has weight 0; of an imported record a share needs all four.
    private static double? Share(RunRecord run, StepTelemetry step, Func<GradientNorms, double?> term) =>
        step.GradientNorm is { } norms
        && (run.Info.Import is null || norms is { Ri: not null, Magnitude: not null, Time: not null, Gan: not null })
            ? term(norms) / ((norms.Ri ?? 0) + (norms.Magnitude ?? 0) + (norms.Time ?? 0) + (norms.Gan ?? 0))
            : null;
}
