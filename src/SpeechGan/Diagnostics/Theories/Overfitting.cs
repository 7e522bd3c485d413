using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>Training estimates get better while validation gets worse: the network learns its training files by heart.</summary>
public sealed class Overfitting()
    : Theory(
        "overfitting",
        Severity.Serious,
        "Does PESQ rise on training samples while it falls in validation?",
        "rise of the mean PESQ of training samples from validation's best epoch to the last one, in standard errors",
        "2.58 standard errors either way: one chance in a hundred; validation as in loss-pesq-divergence"
    )
{
    /// <summary>Standard errors from which on a change is one.</summary>
    public const double Errors = 2.58;

    private const int Fewest = 20;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var history = ValidationHistory.Of(run);
        if (history.Count < 2)
            return NotMeasured($"{history.Count} epochs have a validation PESQ, and two are needed");

        var best = ValidationHistory.Best(history);
        var last = history[^1];
        double[] before = Training(run, best.Epoch),
            after = Training(run, last.Epoch);
        if (before.Length < Fewest || after.Length < Fewest)
            return NotMeasured(
                $"{Math.Min(before.Length, after.Length)} training samples of an epoch have a score, and {Fewest} are needed"
            );

        double rise = after.Average() - before.Average(),
            error = Math.Sqrt(Variance(before) + Variance(after));
        if (error == 0 || best == last)
            return best == last
                ? Judged(
                    FindingOutcome.Rejected,
                    0,
                    Errors,
                    "a best epoch that is the last one rejects",
                    Say($"Validation PESQ is at its best in the last epoch ({last.Epoch})."),
                    ""
                )
                : NotMeasured("the training samples' scores do not differ");

        var fall = best.Pesq - last.Pesq;
        var falls = fall > LossPesqDivergence.Margin && (LossPesqDivergence.Test(best, last)?.Found ?? fall > LossPesqDivergence.LargeFall);
        var numbers = Say(
            $"From epoch {best.Epoch} to {last.Epoch} the mean PESQ of training samples went from {before.Average():F2} to "
                + $"{after.Average():F2} ({rise / error:+0.0;-0.0} standard errors) and of validation from {best.Pesq:F2} to {last.Pesq:F2}"
        );
        const string action = "Stop at the best epoch (its checkpoint is kept), train on more files, or raise model.dropout.";
        if (!falls)
            return Judged(
                FindingOutcome.Rejected,
                rise / error,
                Errors,
                "a validation that does not fall rejects",
                $"{numbers}: validation does not fall.",
                ""
            );
        if (rise / error > Errors)
            return Judged(
                FindingOutcome.Confirmed,
                rise / error,
                Errors,
                Say($"a rise above {Errors} standard errors against a fall in validation confirms"),
                $"{numbers}: it memorises its training files.",
                action,
                best.Epoch + 1
            );
        if (rise / error < -Errors)
            return Judged(
                FindingOutcome.Rejected,
                rise / error,
                Errors,
                "a fall on training samples too rejects",
                $"{numbers}: training samples get worse too, which is no overfitting.",
                ""
            );
        return Judged(
            FindingOutcome.Inconclusive,
            rise / error,
            Errors,
            Say($"within {Errors} standard errors is inconclusive"),
            $"{numbers}.",
            action,
            best.Epoch + 1
        );
    }

    private static double[] Training(RunRecord run, int epoch) =>
        [
            .. run
                .Rows.Of(epoch)
                .SelectMany(s => s.Samples ?? [])
                .Where(s => s.Pesq is { } p && double.IsFinite(p))
                .Select(s => s.Pesq!.Value),
        ];

    // Of the mean.
    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length;
    }
}
