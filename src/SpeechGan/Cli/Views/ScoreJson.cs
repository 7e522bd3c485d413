using System.Text.Json.Nodes;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Statistics;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Views;

/// <summary>What `score --json` prints: numbers in full precision; what has no value is absent and named with its reason.</summary>
internal static class ScoreJson
{
    public static string Of(ScoreReport report)
    {
        var root = new JsonObject { ["implementation"] = new JsonObject(report.Implementation.Select(i => Field(i.Name, i.Value))) };
        Add(root, report.First, report.Summary);
        root["unscorable"] = new JsonArray([.. report.Unscorable.Select(f => new JsonObject { ["name"] = f.Name, ["reason"] = f.Reason })]);
        root["notes"] = new JsonArray([.. report.Notes.Select(n => new JsonObject { ["name"] = n.Name, ["note"] = n.Note })]);
        root["bootstrap"] = new JsonObject
        {
            ["confidence"] = Bootstrap.Confidence,
            ["resamples"] = Bootstrap.Resamples,
            ["seed"] = report.Request.Seed,
        };
        if (report.Second is { } second)
        {
            var other = new JsonObject();
            Add(other, second, report.SecondSummary!);
            root["other"] = other;
            root["comparison"] = Comparison(report.Comparison!);
        }

        return root.ToJsonString(RunJson.Document);
    }

    private static void Add(JsonObject root, Side side, IReadOnlyList<MetricSummary> summary)
    {
        root["pairs"] = new JsonArray([.. side.Pairs.Select(Pair)]);
        root["mean"] = new JsonObject(summary.Where(s => s.Estimate is not null).Select(s => Field(s.Metric.Name, s.Estimate!.Mean)));
        root["interval"] = new JsonObject(
            summary.Where(s => s.Estimate is not null).Select(s => Field(s.Metric.Name, Interval(s.Estimate!)))
        );
        root["missing"] = new JsonObject(summary.Where(s => s.Missing > 0).Select(s => Field(s.Metric.Name, s.Missing)));
    }

    private static JsonObject Pair(ScoredPair scored)
    {
        var pair = new JsonObject { ["name"] = scored.Pair.Name };
        var unavailable = new JsonObject();
        foreach ((Metric metric, MetricResult result) in scored.Scores.Results)
        {
            if (result.TryGet(out double value))
                pair[metric.Name] = value;
            else
                unavailable[metric.Name] = result.Sentence;
        }

        pair["unavailable"] = unavailable;
        if (scored.ResampledFrom is { } from)
            pair["resampled_from"] = from;
        if (scored.Moved is { } moved && moved.TryGet(out double distance))
            pair["pesq_moved"] = distance;
        return pair;
    }

    private static JsonObject Comparison(ScoreComparison comparison) =>
        new()
        {
            ["difference_of"] = "other minus first",
            ["ordered_by"] = comparison.Leading.Name,
            ["metrics"] = new JsonObject(comparison.Differences.Select(d => Field(d.Metric.Name, Difference(d)))),
            ["pairs"] = new JsonArray([
                .. comparison.Pairs.Select(p =>
                {
                    var pair = new JsonObject { ["name"] = p.Name };
                    foreach (Metric metric in Metric.All)
                    {
                        if (p.Difference(metric) is { } difference)
                            pair[metric.Name] = difference;
                    }

                    if (p.Unstable is { } unstable)
                        pair["unstable"] = unstable;
                    return pair;
                }),
            ]),
        };

    private static JsonObject Difference(MetricDifference difference)
    {
        var entry = new JsonObject();
        if (difference.Difference is { } estimate)
        {
            entry["first"] = difference.First;
            entry["other"] = difference.Second;
            entry["difference"] = estimate.Mean;
            foreach ((string name, JsonNode? node) in Interval(estimate).ToList())
                entry[name] = node?.DeepClone();
            if (estimate.TellsFromZero is { } tells)
                entry["told_from_zero"] = tells;
        }

        entry["missing"] = difference.Missing;
        entry["verdict"] = difference.Verdict;
        return entry;
    }

    private static JsonObject Interval(MeanEstimate estimate)
    {
        var interval = new JsonObject { ["count"] = estimate.Count };
        if (estimate is { Low: { } low, High: { } high })
            (interval["low"], interval["high"]) = (low, high);
        else
            interval["unavailable"] = estimate.NoInterval;
        return interval;
    }

    private static KeyValuePair<string, JsonNode?> Field(string name, JsonNode? value) => new(name, value);
}
