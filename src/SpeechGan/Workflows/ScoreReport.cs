using System.Globalization;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;

namespace SpeechGan.Workflows;

/// <summary>The scored pairs of one folder against the reference, and the files that found no partner.</summary>
internal sealed record Side(IReadOnlyList<UnscorableFile> Alone, IReadOnlyList<ScoredPair> Pairs)
{
    public IReadOnlyList<MetricSummary> Summary(long seed) => ScoreSummary.Of([.. Pairs.Select(p => p.Scores)], seed);
}

/// <summary>Everything that `score` found, before anybody prints it.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="First">DEG against REF.</param>
/// <param name="Summary">Means of it.</param>
/// <param name="Second">OTHER against REF; null without --compare.</param>
/// <param name="SecondSummary">Means of it.</param>
/// <param name="Comparison">OTHER minus DEG over the utterances that both have.</param>
/// <param name="Unscorable">Files without a partner, and pairs of which no metric has a value.</param>
internal sealed record ScoreReport(
    ScoreRequest Request,
    Side First,
    IReadOnlyList<MetricSummary> Summary,
    Side? Second,
    IReadOnlyList<MetricSummary>? SecondSummary,
    ScoreComparison? Comparison,
    IReadOnlyList<UnscorableFile> Unscorable
)
{
    public bool AnyScored => First.Pairs.Any(p => p.Scores.HasValue) && Second?.Pairs.Any(p => p.Scores.HasValue) != false;

    /// <summary>What computed the scores and under which conventions, by name: it stands in every output.</summary>
    public IReadOnlyList<(string Name, string Value)> Implementation =>
        [
            ("name", ScoreSet.Implementation.Name),
            ("version", ScoreSet.Implementation.Version),
            ("arithmetic", ScoreSet.Implementation.Arithmetic),
            ("pesq", $"{Pesq.Implementation.Name} {Pesq.Implementation.Version}"),
            ("program", $"speechgan {Versions.Program}"),
            ("mode", Request.Mode),
            ("scale", Request.Scale),
            ("rate", Request.Hertz?.ToString(CultureInfo.InvariantCulture) ?? "as it is"),
        ];

    /// <summary>What the user should know of pairs that were scored, by name; each file's note once.</summary>
    public IReadOnlyList<(string Name, string Note)> Notes =>
        [.. First.Pairs.Concat(Second?.Pairs ?? []).SelectMany(p => p.Notes.Select(n => (p.Pair.Name, n))).DistinctBy(n => n.n)];

    /// <summary>How many pairs were brought from which rate in Hz, the lowest first.</summary>
    public IReadOnlyList<(int From, int Pairs)> Resampled =>
        [
            .. First
                .Pairs.Concat(Second?.Pairs ?? [])
                .Where(p => p.ResampledFrom is not null)
                .GroupBy(p => p.ResampledFrom!.Value)
                .OrderBy(g => g.Key)
                .Select(g => (g.Key, g.Count())),
        ];

    public static ScoreReport Of(ScoreRequest request, Side first, Side? second) =>
        new(
            request,
            first,
            first.Summary(request.Seed),
            second,
            second?.Summary(request.Seed),
            second is null ? null : Compare(first, second, request.Seed),
            [.. Missing(first), .. second is null ? [] : Missing(second)]
        );

    private static IEnumerable<UnscorableFile> Missing(Side side) =>
        side
            .Pairs.Where(p => !p.Scores.HasValue)
            .Select(p => new UnscorableFile(p.Pair.Name, p.Failure ?? p.Scores[Metric.SiSdr].Sentence))
            .Concat(side.Alone);

    private static ScoreComparison Compare(Side first, Side second, long seed)
    {
        Dictionary<string, ScoredPair> others = second.Pairs.ToDictionary(p => p.Pair.Name, StringComparer.Ordinal);
        var pairs = new List<PairedScores>();
        foreach (ScoredPair pair in first.Pairs)
        {
            if (!others.TryGetValue(pair.Pair.Name, out ScoredPair? other))
                continue;
            bool? unstable =
                pair.Unstable == true || other.Unstable == true ? true
                : pair.Unstable is null || other.Unstable is null ? null
                : false;
            pairs.Add(new PairedScores(pair.Pair.Name, pair.Scores, other.Scores, unstable));
        }

        return ScoreComparison.Of(pairs, seed);
    }
}
