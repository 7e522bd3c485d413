using System.Globalization;
using System.Text;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Views;

/// <summary>What `score --csv` prints: a line a pair, RFC 4180; a field without a value is empty and its reason stands in
/// `unavailable`.</summary>
internal static class ScoreCsv
{
    public static string Of(ScoreReport report)
    {
        (string[] Names, string[] Values) settings = (
            [.. Settings(report).Select(s => s.Name)],
            [.. Settings(report).Select(s => s.Value)]
        );
        var text = new StringBuilder();
        if (report.Comparison is { } comparison)
        {
            Line(
                text,
                [
                    "name",
                    .. Metric.All.SelectMany(m => new[] { m.Name, "other_" + m.Name, "difference_" + m.Name }),
                    "unstable",
                    .. settings.Names,
                ]
            );
            foreach (PairedScores pair in comparison.Pairs)
                Line(
                    text,
                    [
                        pair.Name,
                        .. Metric.All.SelectMany(m => new[] { Number(pair.First[m]), Number(pair.Second[m]), Number(pair.Difference(m)) }),
                        pair.Unstable switch
                        {
                            true => "true",
                            false => "false",
                            null => "",
                        },
                        .. settings.Values,
                    ]
                );

            return text.ToString();
        }

        Line(text, ["name", .. Metric.All.Select(m => m.Name), "unavailable", .. settings.Names]);
        foreach (ScoredPair pair in report.First.Pairs)
            Line(text, [pair.Pair.Name, .. pair.Scores.Results.Select(r => Number(r.Result)), Reasons(pair), .. settings.Values]);
        foreach (UnscorableFile file in report.First.Alone)
            Line(text, [file.Name, .. Metric.All.Select(_ => ""), file.Reason, .. settings.Values]);
        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Settings(ScoreReport report) =>
        report.Implementation.Where(i => i.Name != "arithmetic").Select(i => (i.Name == "name" ? "implementation" : i.Name, i.Value));

    private static string Reasons(ScoredPair pair) =>
        string.Join(
            "; ",
            pair.Scores.Results.Where(r => !r.Result.HasValue)
                .GroupBy(r => r.Result.Sentence)
                .Select(g => $"{string.Join(' ', g.Select(r => r.Metric.Name))}: {g.Key}")
        );

    private static string Number(MetricResult result) => result.TryGet(out double value) ? Number(value) : "";

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static void Line(StringBuilder text, IEnumerable<string> fields) =>
        text.Append(string.Join(',', fields.Select(Field))).Append('\n');

    private static string Field(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"")}\"";
}
