using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>One step throws the generator far off: the loss of the next batch is many times what it was, as a learning rate that is far too
/// high makes it.</summary>
public sealed class LossJump()
    : Theory(
        "loss-jump",
        Severity.Serious,
        "Did a step throw the loss far above what it had been?",
        "largest factor of a step's total loss over the median of the steps before it, five at most",
        "batches of a run without the fault differ by a factor of 3 at most (docs/diagnosis.md, Healthy spreads); five is suspected, "
            + "ten confirms"
    )
{
    /// <summary>From this factor on it is confirmed.</summary>
    public const double ConfirmedFrom = 10;

    /// <summary>From this factor on it is suspected.</summary>
    public const double SuspectedFrom = 5;

    private const int Before = 5;
    private static readonly UnscorableReason[] Wordless =
    [
        UnscorableReason.SilentReference,
        UnscorableReason.ConstantReference,
        UnscorableReason.NoUtterancesDetected,
    ];

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        // A batch with a silent clean side has another loss than one of speech (six to eight times in batches of two): by its data, and no
        // step's doing.
        var steps = run.Rows.Where(s =>
            s.TotalLoss is >= 0 and < double.PositiveInfinity
            && (s.Masked.Count == 0 || !ReasonCount.Of(s.Masked).Any(r => Wordless.Contains(r.Reason)))
        );
        (double Factor, StepRow Step, double Median)? worst = null;
        var before = new Queue<double>();
        foreach (var step in steps)
        {
            var loss = step.TotalLoss!.Value;
            if (
                before.Count > 0
                && Trend.Median(before) is > 0 and var median
                && Math.Min(1e9, loss / median) is var factor
                && factor > (worst?.Factor ?? 0)
            )
                worst = (factor, step, median);

            before.Enqueue(loss);
            if (before.Count > Before)
                before.Dequeue();
        }

        if (worst is not { } jump)
            return NotMeasured("fewer than two steps of speech with a loss above 0 are recorded");

        var numbers = Say(
            $"The loss of step {jump.Step.Step} (epoch {jump.Step.Epoch}) is {jump.Step.TotalLoss:G3}, {jump.Factor:0.#} times the "
                + $"{jump.Median:G3} of the steps before it"
        );
        var action =
            $"Lower the learning rate ({NextCommand.LowerRate(run.Config)}), or set optimizer.gradientClip; look at this step's batch "
            + $"in steps.jsonl, too.";
        if (jump.Factor >= ConfirmedFrom)
            return Judged(
                FindingOutcome.Confirmed,
                jump.Factor,
                ConfirmedFrom,
                Say($"a factor of {ConfirmedFrom} and more confirms"),
                $"{numbers}: a step threw the generator off.",
                action,
                jump.Step.Epoch
            );
        if (jump.Factor >= SuspectedFrom)
            return Judged(
                FindingOutcome.Suspected,
                jump.Factor,
                SuspectedFrom,
                Say($"a factor of {SuspectedFrom} and more is suspected"),
                $"{numbers}.",
                action,
                jump.Step.Epoch
            );
        if (run.Info.Import is { StepsAreSampled: true })
            return Judged(
                FindingOutcome.Inconclusive,
                jump.Factor,
                SuspectedFrom,
                Say($"a factor below {SuspectedFrom} among the logged steps is inconclusive"),
                $"{numbers}; the steps between were not logged.",
                ""
            );
        return Judged(
            FindingOutcome.Rejected,
            jump.Factor,
            SuspectedFrom,
            Say($"a factor below {SuspectedFrom} rejects"),
            $"{numbers}, the largest jump there was.",
            ""
        );
    }
}
