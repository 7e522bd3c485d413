using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Configuration;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Views;

/// <summary>An evaluation, utterance by utterance, for people and machines.</summary>
internal static class EvaluationTable
{
    /// <summary>The report for machines.</summary>
    public static string Json(
        string name,
        EvaluationConfig evaluation,
        IReadOnlyList<UtteranceEvaluation> noisy,
        IReadOnlyList<UtteranceEvaluation> enhanced
    ) =>
        JsonSerializer.Serialize(
            new
            {
                implementation = Pesq.Implementation,
                scores = ScoreSet.Implementation,
                scale = "int16",
                name,
                cut = evaluation.Cut,
                evaluation.CutSeconds,
                utterances = enhanced,
                noisy,
                mean = Evaluator.Summarise(RecordName.Test, enhanced),
                noisyMean = Evaluator.Summarise(RecordName.Test, noisy),
            },
            RunJson.Document
        );

    /// <summary>Prints the table and the means.</summary>
    public static void Print(
        Terminal terminal,
        string name,
        EvaluationConfig evaluation,
        IReadOnlyList<UtteranceEvaluation> noisy,
        IReadOnlyList<UtteranceEvaluation> enhanced
    )
    {
        var cut =
            evaluation.Cut == EvaluationCut.Full
                ? "full length"
                : string.Create(CultureInfo.InvariantCulture, $"centre cuts of {evaluation.CutSeconds} s");
        terminal.Line(
            $"{name}; {cut}; PESQ: {Pesq.Implementation.Name} {Pesq.Implementation.Version}, wide-band; "
                + $"{ScoreSet.Implementation.Name} {ScoreSet.Implementation.Version}, int16 scale"
        );
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("utterance", "noisy PESQ", "enhanced", "noisy SI-SDR", "enhanced", "");
        for (var i = 0; i < enhanced.Count; i++)
        {
            var unstable =
                enhanced[i].Metrics.TryGetValue(UtteranceScores.PesqMoved, out var moved) && moved > UtteranceScores.UnstableFrom;
            table.AddRow(
                Markup.Escape(enhanced[i].Name),
                Value(noisy[i], "noisy_" + UtteranceScores.Pesq, "F4"),
                Value(enhanced[i], UtteranceScores.Pesq, "F4"),
                Value(noisy[i], "noisy_" + UtteranceScores.SiSdr, "F2"),
                Value(enhanced[i], UtteranceScores.SiSdr, "F2"),
                unstable ? "unstable" : ""
            );
        }
        terminal.Table(table);
        ValidationSummary before = Evaluator.Summarise(RecordName.Test, noisy),
            after = Evaluator.Summarise(RecordName.Test, enhanced);
        terminal.Line(
            $"Mean PESQ: noisy {Mean(before, "noisy_" + UtteranceScores.Pesq, "F4")}, enhanced {Mean(after, UtteranceScores.Pesq, "F4")}; "
                + $"mean SI-SDR: noisy {Mean(before, "noisy_" + UtteranceScores.SiSdr, "F2")} dB, enhanced "
                + $"{Mean(after, UtteranceScores.SiSdr, "F2")} dB"
        );
        foreach (var metric in Metric.All.Where(m => m != Metric.PesqWideBand && m != Metric.SiSdr))
            terminal.Line(
                $"Mean {metric.Title}: noisy {Mean(before, "noisy_" + metric.Name, "F" + metric.Digits)}, enhanced "
                    + $"{Mean(after, metric.Name, "F" + metric.Digits)}"
            );
        foreach (var e in enhanced.Where(e => e.Unavailable.Count > 0))
            terminal.Line($"{e.Name}: {e.Unavailable.Values.First()}");
    }

    private static string Value(UtteranceEvaluation e, string metric, string format) =>
        e.Metrics.TryGetValue(metric, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) : "none";

    private static string Mean(ValidationSummary summary, string metric, string format) =>
        (summary.Mean.TryGetValue(metric, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) : "none")
        + (summary.Missing.TryGetValue(metric, out var missing) ? $" ({missing} without a value)" : "");
}
