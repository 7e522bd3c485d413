using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>BatchNorm's running statistics, which evaluation uses, are not those of the batches: the network that is scored is not the one
/// that is trained.</summary>
public sealed class RunningStatistics()
    : Theory(
        "running-statistics",
        Severity.Serious,
        "Is the generator worse in evaluation mode, with running statistics, than in training mode on the same batch?",
        "reconstruction loss of the same batch in evaluation mode over that in training mode, median over the last half of the "
            + "validated epochs",
        "running statistics have a momentum of 0.1 and are those of the last batches after 50 steps (0.9^50 = 0.5 %); runs without the "
            + "fault lay between 0.96 and 1.03 then (docs/diagnosis.md, Healthy spreads)"
    )
{
    internal const string Check = "step/generator-buffers";

    /// <summary>Above this factor it is confirmed.</summary>
    public const double ConfirmedAbove = 1.5;

    /// <summary>Above this factor it is suspected.</summary>
    public const double SuspectedAbove = 1.2;

    /// <summary>Steps before it is judged.</summary>
    public const long Steps = 50;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (run.Oracles.FirstOrDefault(o => o is { Name: Check, Holds: false }) is { Observed: { } apart } failed)
            return Judged(
                FindingOutcome.Confirmed,
                apart,
                failed.Allowed,
                Say($"an identity beyond {failed.Allowed:0e-0} confirms"),
                Say(
                    $"After a step the generator's running statistics are {apart:G3} of their size away from those that the batch "
                        + $"gives: they are not updated by it, or something else writes into them."
                ),
                "Look at what updates the normalisations' running means and variances, and at what writes into buffers "
                    + "(src/SpeechGan/Models, src/SpeechGan/Training); speechgan bisect commits finds the change.",
                1,
                [Check]
            );

        var measured = run.Epochs.Where(e => e.LastStep >= Steps && e.ModeLoss is { Training: > 0, Evaluation: >= 0 }).ToList();
        if (measured.Count == 0)
            return NotMeasured($"no validated epoch after step {Steps} recorded the loss of one batch in both modes");

        var half = measured.Skip(measured.Count / 2).ToList();
        var factor = Trend.Median([.. half.Select(e => e.ModeLoss!.Evaluation / e.ModeLoss.Training)]);
        var last = half[^1].ModeLoss!;
        var numbers = Say(
            $"The same batch has a loss of {last.Training:F4} in training mode and {last.Evaluation:F4} in evaluation mode after epoch "
                + $"{half[^1].Epoch} (median factor {factor:F2})"
        );
        var action =
            $"Enlarge the batches ({(run.Config is { } c ? $"--set data.batchSize={2 * c.Data.BatchSize}" : "data.batchSize")}) so "
            + $"that the batches' statistics are steadier, lower the learning rate, or use normalisation that looks at one sample.";
        if (factor > ConfirmedAbove)
            return Judged(
                FindingOutcome.Confirmed,
                factor,
                ConfirmedAbove,
                Say($"above {ConfirmedAbove} confirms"),
                $"{numbers}: the running statistics are not those of the batches.",
                action,
                half[0].Epoch
            );
        if (factor > SuspectedAbove)
            return Judged(
                FindingOutcome.Suspected,
                factor,
                SuspectedAbove,
                Say($"above {SuspectedAbove} is suspected"),
                $"{numbers}.",
                action,
                half[0].Epoch
            );
        return Judged(FindingOutcome.Rejected, factor, SuspectedAbove, Say($"up to {SuspectedAbove} rejects"), $"{numbers}.", "");
    }
}
