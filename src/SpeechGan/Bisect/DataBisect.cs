using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Bisect;

/// <summary>One evaluation of a split: of a run after an epoch.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Utterances">The utterances' scores.</param>
public sealed record EvaluationSide(string Name, IReadOnlyList<UtteranceEvaluation> Utterances);

/// <summary>An utterance's change.</summary>
/// <param name="Name">Utterance.</param>
/// <param name="Before">Its score in the first evaluation.</param>
/// <param name="After">Its score in the second.</param>
/// <param name="Share">Its part of the sum of all changes of the mean's own direction, 0 to 1; 0 where it went the other way.</param>
public sealed record UtteranceChange(string Name, double Before, double After, double Share)
{
    /// <summary>After minus before.</summary>
    public double Change => After - Before;
}

/// <summary>The change of utterances of one noise level.</summary>
/// <param name="Level">The level's bounds in words.</param>
/// <param name="Change">Mean change with its interval.</param>
public sealed record LevelChange(string Level, MeanEstimate Change);

/// <summary>A training file that could not be scored.</summary>
/// <param name="Name">File.</param>
/// <param name="Reason">Code of the reason.</param>
/// <param name="Samples">How often it was masked for it.</param>
/// <param name="Seen">How often the file was in a batch.</param>
/// <param name="BatchesLost">Batches it was in on which the discriminator did not step.</param>
public sealed record StarvingFile(string Name, string Reason, int Samples, int Seen, int BatchesLost);

/// <summary>What carries a change between two evaluations of the same utterances.</summary>
public sealed record DataBisectResult
{
    /// <summary>First evaluation.</summary>
    public required string Before { get; init; }

    /// <summary>Second evaluation.</summary>
    public required string After { get; init; }

    /// <summary>Metric.</summary>
    public required string Metric { get; init; }

    /// <summary>Mean change over the pairs, with its interval.</summary>
    public required MeanEstimate Change { get; init; }

    /// <summary>Whether the fall is more than chance; its own sentence where there are too few pairs.</summary>
    public required PairedDrop Test { get; init; }

    /// <summary>Utterances, those that carry most of the change first.</summary>
    public required IReadOnlyList<UtteranceChange> Utterances { get; init; }

    /// <summary>Utterances that are compared by no pair, with the reason.</summary>
    public required IReadOnlyDictionary<string, string> Unpaired { get; init; }

    /// <summary>By noise level, lowest first; empty where levels are not known.</summary>
    public required IReadOnlyList<LevelChange> Levels { get; init; }
}

/// <summary>Finds which utterances and noise levels carry a change, and which training files starve the discriminator. Reads records;
/// levels are brought by the caller.</summary>
public static class DataBisect
{
    private const double LevelWidth = 5;
    private const string OtherCuts = "scored on different cuts: the difference would tell of the cuts (evaluation.cut=random?)";

    /// <summary>Compares two evaluations in pairs.</summary>
    /// <param name="before">First.</param>
    /// <param name="after">Second.</param>
    /// <param name="metric">Metric of an utterance, <c>pesq_wb</c> for example.</param>
    /// <param name="levels">Signal-to-noise ratio of the noisy sides, dB, by utterance; null: not known.</param>
    /// <param name="seed">Decides the resamples of the intervals.</param>
    /// <exception cref="BisectException">No utterance has the metric on both sides.</exception>
    public static DataBisectResult Compare(
        EvaluationSide before,
        EvaluationSide after,
        string metric,
        IReadOnlyDictionary<string, double>? levels = null,
        long seed = 1
    )
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (pairs, unpaired) = Paired(before, after, metric);
        if (pairs.Count == 0)
            throw NothingToCompare(before, after, metric, unpaired);
        double[] changes = [.. pairs.Select(p => p.After - p.Before)];
        var mean = Bootstrap.Estimate(changes, seed);
        var direction = Math.Sign(mean.Mean);
        var whole = changes.Where(c => Math.Sign(c) == direction).Sum();
        return new DataBisectResult
        {
            Before = before.Name,
            After = after.Name,
            Metric = metric,
            Change = mean,
            Test = PairedDrop.Of(changes, 0, seed),
            Utterances =
            [
                .. pairs
                    .Select(p => new UtteranceChange(
                        p.Name,
                        p.Before,
                        p.After,
                        whole != 0 && Math.Sign(p.After - p.Before) == direction ? (p.After - p.Before) / whole : 0
                    ))
                    .OrderByDescending(u => u.Share)
                    .ThenByDescending(u => direction * u.Change),
            ],
            Unpaired = unpaired,
            Levels =
            [
                .. pairs
                    .Where(p => levels?.ContainsKey(p.Name) == true)
                    .GroupBy(p => Math.Floor(Math.Round(levels![p.Name], 1) / LevelWidth))
                    .OrderBy(g => g.Key)
                    .Select(g => new LevelChange(
                        string.Create(CultureInfo.InvariantCulture, $"{g.Key * LevelWidth:F0} to {(g.Key + 1) * LevelWidth:F0} dB"),
                        Bootstrap.Estimate([.. g.Select(p => p.After - p.Before)], seed)
                    )),
            ],
        };
    }

    private static (List<(string Name, double Before, double After)> Pairs, Dictionary<string, string> Unpaired) Paired(
        EvaluationSide before,
        EvaluationSide after,
        string metric
    )
    {
        // An utterance that a damaged record has twice counts as it was scored last.
        var second = after.Utterances.GroupBy(u => u.Name).ToDictionary(g => g.Key, g => g.Last());
        var first = before.Utterances.GroupBy(u => u.Name).ToDictionary(g => g.Key, g => g.Last());
        var unpaired = new Dictionary<string, string>();
        var pairs = new List<(string Name, double Before, double After)>();
        foreach (var name in first.Keys.Union(second.Keys).Order(StringComparer.Ordinal))
        {
            if (!first.TryGetValue(name, out var a) || !second.TryGetValue(name, out var b))
                unpaired[name] = $"only in {(first.ContainsKey(name) ? before.Name : after.Name)}";
            else if ((a.CutStart, a.CutLength) != (b.CutStart, b.CutLength))
                unpaired[name] = OtherCuts;
            else if (a.Metrics.TryGetValue(metric, out var x) && b.Metrics.TryGetValue(metric, out var y))
                pairs.Add((name, x, y));
            else
                unpaired[name] = a.Unavailable.GetValueOrDefault(metric) ?? b.Unavailable.GetValueOrDefault(metric) ?? "not measured";
        }

        return (pairs, unpaired);
    }

    private static BisectException NothingToCompare(
        EvaluationSide before,
        EvaluationSide after,
        string metric,
        Dictionary<string, string> unpaired
    )
    {
        if (unpaired.ContainsValue(OtherCuts))
        {
            var moved = unpaired.Where(u => u.Value == OtherCuts).Select(u => u.Key).ToList();
            return new BisectException(
                $"No utterance was scored on the same cut in {before.Name} and in {after.Name}: a difference would tell of the "
                    + $"cuts (evaluation.cut=random?). They are "
                    + $"{string.Join(", ", moved.Take(5))}{(moved.Count > 5 ? $" and {moved.Count - 5} more" : "")}. Score both "
                    + $"checkpoints on the same cuts with speechgan evaluate --checkpoint, and compare those."
            );
        }

        string[] known = [.. before.Utterances.SelectMany(u => u.Metrics.Keys).Distinct().Order(StringComparer.Ordinal)];
        var near = known.Contains(metric) ? null : Spelling.Nearest(metric, known);
        return new BisectException(
            $"No utterance has '{metric}' on the same cut in {before.Name} and in "
                + $"{after.Name}{(unpaired.Count > 0 ? $" ({unpaired.Values.First()})" : "")}."
                + $"{(near is null ? "" : $" Did you mean '{near}'?")} Measured are "
                + $"{(known.Length > 0 ? string.Join(", ", known) : "no metrics")}."
        );
    }

    /// <summary>Training files whose samples could not be scored, those that cost most steps of the discriminator first.</summary>
    public static IReadOnlyList<StarvingFile> Starving(IReadOnlyList<StepTelemetry> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var samples = steps.SelectMany(s => (s.Samples ?? []).Select(x => (Sample: x, s.DiscriminatorStepped))).ToList();
        var seen = samples.GroupBy(s => s.Sample.Name).ToDictionary(g => g.Key, g => g.Count());
        return
        [
            .. samples
                .Where(s => s.Sample.Masked is not null)
                .GroupBy(s => (s.Sample.Name, s.Sample.Masked))
                .Select(g => new StarvingFile(
                    g.Key.Name,
                    g.Key.Masked!,
                    g.Count(),
                    seen[g.Key.Name],
                    g.Count(s => s.DiscriminatorStepped == false)
                ))
                .OrderByDescending(f => f.BatchesLost)
                .ThenByDescending(f => f.Samples)
                .ThenBy(f => f.Name, StringComparer.Ordinal),
        ];
    }
}
