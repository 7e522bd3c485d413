using System.Globalization;
using Spectre.Console;
using SpeechGan.Diagnostics;
using SpeechGan.Evaluation;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Views;

/// <summary>What a run came to, on a screen: test scores beside the noisy ones, and the findings.</summary>
internal static class RunReport
{
    /// <summary>Prints it.</summary>
    public static void Print(Terminal terminal, RunRecord run, Verdict verdict)
    {
        terminal.Line();
        PrintTest(terminal, run);
        VerdictView.PrintFindings(terminal, verdict);
        terminal.Line($"Run folder: {run.Root} ({run.Info.Status.ToString().ToLowerInvariant()})");
    }

    /// <summary>Mean PESQ of test before (noisy) and after (enhanced); null where it was not tested.</summary>
    public static (double Noisy, double Enhanced)? TestPesq(RunRecord run)
    {
        var (before, after) = Test(run);
        var pairs = Pairs(before, after, UtteranceScores.Pesq).ToList();
        return pairs.Count == 0 ? null : (pairs.Average(p => p.Noisy), pairs.Average(p => p.Enhanced));
    }

    private static void PrintTest(Terminal terminal, RunRecord run)
    {
        var (before, after) = Test(run);
        if (after.Count == 0)
        {
            terminal.Line("Not tested: the corpus has no test part, or the run is not complete.");
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("test utterance", "noisy PESQ", "enhanced", "change", "noisy SI-SDR", "enhanced", "");
        foreach (var e in after)
        {
            before.TryGetValue(e.Name, out var noisy);
            var unstable = e.Metrics.TryGetValue(UtteranceScores.PesqMoved, out var moved) && moved > UtteranceScores.UnstableFrom;
            table.AddRow(
                Markup.Escape(e.Name),
                Value(noisy, "noisy_" + UtteranceScores.Pesq, "F3"),
                Value(e, UtteranceScores.Pesq, "F3"),
                Change(noisy, e),
                Value(noisy, "noisy_" + UtteranceScores.SiSdr, "F2"),
                Value(e, UtteranceScores.SiSdr, "F2"),
                unstable ? "unstable" : ""
            );
        }
        terminal.Table(table);
        if (TestPesq(run) is { } mean)
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Mean test PESQ: noisy {mean.Noisy:F3}, enhanced {mean.Enhanced:F3}, change "
                        + $"{mean.Enhanced - mean.Noisy:+0.000;-0.000} (epoch {after[0].Epoch}, chosen on valid)."
                )
            );
    }

    private static (Dictionary<string, UtteranceEvaluation> Before, List<UtteranceEvaluation> After) Test(RunRecord run) =>
        (
            run.Evaluations.Where(e => e is { Split: RecordName.Test, Epoch: 0 }).ToDictionary(e => e.Name),
            [.. run.Evaluations.Where(e => e is { Split: RecordName.Test, Epoch: > 0 })]
        );

    private static IEnumerable<(double Noisy, double Enhanced)> Pairs(
        Dictionary<string, UtteranceEvaluation> before,
        List<UtteranceEvaluation> after,
        string metric
    )
    {
        foreach (var e in after)
            if (
                e.Metrics.TryGetValue(metric, out var enhanced)
                && before.TryGetValue(e.Name, out var b)
                && b.Metrics.TryGetValue("noisy_" + metric, out var noisy)
            )
                yield return (noisy, enhanced);
    }

    private static string Value(UtteranceEvaluation? evaluation, string metric, string format) =>
        evaluation is not null && evaluation.Metrics.TryGetValue(metric, out var value)
            ? value.ToString(format, CultureInfo.InvariantCulture)
            : "none";

    private static string Change(UtteranceEvaluation? noisy, UtteranceEvaluation enhanced) =>
        noisy is not null
        && noisy.Metrics.TryGetValue("noisy_" + UtteranceScores.Pesq, out var before)
        && enhanced.Metrics.TryGetValue(UtteranceScores.Pesq, out var after)
            ? (after - before).ToString("+0.000;-0.000", CultureInfo.InvariantCulture)
            : "none";
}
