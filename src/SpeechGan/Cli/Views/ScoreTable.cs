using System.Globalization;
using Spectre.Console;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Statistics;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Views;

/// <summary>What `score` shows to people: a line an utterance, then the means, then what could not be scored.</summary>
internal static class ScoreTable
{
    private const int Narrow = 120; // columns; all metrics need them
    private const int Widest = 160; // all changes need them
    private const int Named = 5;
    private static readonly Metric[] OnlyWhereWide = [Metric.RawPesqNarrowBand, Metric.WeightedSpectralSlope, Metric.LogLikelihoodRatio];
    private static readonly Metric[] InAnyWidth = [Metric.Stoi, Metric.SiSdr];

    public static void Print(Terminal terminal, ScoreReport report)
    {
        terminal.Line(Heading(report));
        foreach (var (from, pairs) in report.Resampled)
            terminal.Line(
                $"Resampled from {from} to {report.Request.Hertz} Hz by SpeechGan's own filter: {pairs} {(pairs == 1 ? "pair" : "pairs")}."
            );
        if (report.Comparison is { } comparison)
        {
            Changes(terminal, comparison);
            Differences(terminal, report.Request, comparison);
        }
        else
        {
            Utterances(terminal, report);
            Means(terminal, report.Summary);
        }

        Reasons(terminal, [.. report.First.Pairs, .. report.Second?.Pairs ?? []]);
        foreach (var (_, note) in report.Notes)
            terminal.Line(note);
        if (report.Unscorable.Count == 0)
            return;
        terminal.Line($"{report.Unscorable.Count} could not be scored and are in no mean:");
        foreach (UnscorableFile file in report.Unscorable)
            terminal.Line($"  {file.Name}: {file.Reason}");
    }

    internal static string Heading(ScoreReport report)
    {
        string mode = report.Request.Mode switch
        {
            "nb" => "narrow-band",
            "wb" => "wide-band",
            _ => "wide-band and narrow-band",
        };
        string scale = report.Request.Scale == "unit" ? "unit scale (samples in [-1, 1])" : "int16 scale (16-bit samples)";
        string which = report.Request.Resample ? "other rates " : "",
            rate = report.Request.Hertz is { } hertz ? $"; {which}resampled to {hertz} Hz" : "";
        return $"{ScoreSet.Implementation.Name} {ScoreSet.Implementation.Version}, PESQ by {Pesq.Implementation.Name} "
            + $"{Pesq.Implementation.Version}, {mode}; {scale}{rate}";
    }

    private static void Utterances(Terminal terminal, ScoreReport report)
    {
        Metric[] columns =
        [
            .. report
                .Summary.Where(s => s.Estimate is not null)
                .Select(s => s.Metric)
                .Where(m => terminal.Console.Profile.Width >= Narrow || !OnlyWhereWide.Contains(m)),
        ];
        if (columns.Length == 0)
            return;
        Table table = Make(["utterance", .. columns.Select(c => c.Title)]);
        foreach (ScoredPair pair in report.First.Pairs.Where(p => p.Scores.HasValue))
            table.AddRow([
                Markup.Escape(pair.Pair.Name),
                .. columns.Select(c => Number(pair.Scores[c].TryGet(out double value) ? value : null, c.Digits)),
            ]);
        terminal.Table(table);
    }

    private static void Means(Terminal terminal, IReadOnlyList<MetricSummary> summary)
    {
        if (summary.All(s => s.Estimate is null))
            return;
        Table table = Make(["metric", "mean", "95 % interval", "pairs", "without", "unit"]);
        foreach (MetricSummary s in summary.Where(s => s.Estimate is not null))
            table.AddRow(
                s.Metric.Title,
                Number(s.Estimate!.Mean, s.Metric.Digits),
                Interval(s.Estimate, s.Metric),
                s.Estimate.Count.ToString(),
                s.Missing == 0 ? "" : s.Missing.ToString(),
                s.Metric.Unit
            );

        terminal.Table(table);
    }

    private static void Changes(Terminal terminal, ScoreComparison comparison)
    {
        Metric leading = comparison.Leading;
        bool wide = terminal.Console.Profile.Width >= Widest;
        Metric[] columns =
        [
            .. Metric.All.Where(m =>
                m != leading
                && (wide ? !OnlyWhereWide.Contains(m) : InAnyWidth.Contains(m))
                && comparison.Pairs.Any(p => p.Difference(m) is not null)
            ),
        ];
        Table table = Make(["utterance", leading.Title, "other", "change", .. columns.Select(c => "change " + c.Title), ""]);
        foreach (PairedScores pair in comparison.Pairs)
            table.AddRow([
                Markup.Escape(pair.Name),
                Number(pair.First[leading].TryGet(out double first) ? first : null, leading.Digits),
                Number(pair.Second[leading].TryGet(out double second) ? second : null, leading.Digits),
                Change(pair.Difference(leading), leading),
                .. columns.Select(c => Change(pair.Difference(c), c)),
                pair.Unstable switch
                {
                    true => "unstable",
                    null => "stability unknown",
                    _ => "",
                },
            ]);

        terminal.Table(table);
        int unstable = comparison.Pairs.Count(p => p.Unstable == true);
        if (unstable > 0)
            terminal.Line(
                $"unstable: PESQ moves by more than {PesqStability.UnstableFrom} when noise at -60 dB is added ({unstable} of "
                    + $"{comparison.Pairs.Count})"
            );
    }

    private static void Differences(Terminal terminal, ScoreRequest request, ScoreComparison comparison)
    {
        terminal.Line($"{request.Other} minus {request.Degraded}, utterance by utterance:");
        Table table = Make(["metric", "mean", "other", "difference", "95 % interval", "pairs", "without", "says"]);
        foreach (MetricDifference d in comparison.Differences.Where(d => d.Difference is not null))
            table.AddRow(
                d.Metric.Title,
                Number(d.First, d.Metric.Digits),
                Number(d.Second, d.Metric.Digits),
                Change(d.Difference!.Mean, d.Metric),
                Interval(d.Difference, d.Metric),
                d.Difference.Count.ToString(),
                d.Missing == 0 ? "" : d.Missing.ToString(),
                d.Verdict
            );

        terminal.Table(table);
    }

    // One line for each reason, however many pairs share it.
    private static void Reasons(Terminal terminal, IReadOnlyList<ScoredPair> pairs)
    {
        var absent = pairs
            .Where(p => p.Scores.HasValue)
            .SelectMany(p =>
                p.Scores.Results.Where(r => !r.Result.HasValue && r.Result.Unscorable != UnscorableReason.NotRequested)
                    .Select(r => (p.Pair.Name, r.Metric, r.Result))
            )
            .GroupBy(a => (a.Metric, a.Result.Sentence));
        foreach (var group in absent)
        {
            string[] names = [.. group.Select(a => a.Name)];
            terminal.Line(
                $"{group.Key.Metric.Title} of "
                    + $"{string.Join(", ", names.Take(Named))}{(names.Length > Named ? $" and {names.Length - Named} more" : "")}: "
                    + $"{group.Key.Sentence}"
            );
        }
    }

    private static Table Make(string[] headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (string heading in headings)
            table.AddColumn(new TableColumn(heading) { NoWrap = true });
        return table;
    }

    private static string Number(double? value, int digits) => value?.ToString("F" + digits, CultureInfo.InvariantCulture) ?? "none";

    private static string Change(double? value, Metric metric) =>
        value is { } change ? (change < 0 ? "" : "+") + Number(change, metric.Digits) : "none";

    private static string Interval(MeanEstimate estimate, Metric metric) =>
        estimate is { Low: { } low, High: { } high } ? $"{Number(low, metric.Digits)} .. {Number(high, metric.Digits)}" : "too few pairs";
}
