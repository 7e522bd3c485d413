using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>A loss or a gradient that is not finite. The trainer stops before it reaches the weights; the record says where it
/// began.</summary>
public sealed class NonFiniteValues()
    : Theory(
        "non-finite-values",
        Severity.Grave,
        "Did a loss or a gradient stop being a number, and where did that begin?",
        "step of the run in which it began",
        "an identity: losses and gradients are finite"
    )
{
    private const string Discriminator = "discriminatorLoss";

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (run.Info.NonFinite is { } found)
        {
            var over = run.Info.Import is null ? WasTakenAfterAll(run, found.Step) : IsFiniteAgain(run, found);
            var after = run.Info.Import is null ? " The run was resumed and went on past it." : " Later losses are finite again.";
            return Judged(
                over ? FindingOutcome.Inconclusive : FindingOutcome.Confirmed,
                found.Step,
                0,
                over ? "a step that was taken after all is inconclusive" : "any such value confirms",
                found.Sentence + (over ? after : ""),
                "Look at the batch it names and at gradients-unstable; then resume with optimizer.gradientClip set or start again with "
                    + "lower learning rates.",
                found.Epoch
            );
        }

        if (run.Rows.Count == 0)
            return NotMeasured(run.Info.Import is null ? "no step was taken yet" : "no step is recorded");
        if (run.Info.Import is not null)
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "none rejects",
                $"All losses that the record has of {run.Rows.Count} steps are finite.",
                ""
            );
        return Judged(FindingOutcome.Rejected, 0, 0, "none rejects", $"All losses and gradients of {run.Rows.Count} steps are finite.", "");
    }

    // The trainer records no step with such a value: a run that was resumed with a remedy has it all the same.
    private static bool WasTakenAfterAll(RunRecord run, long step) => run.Rows.Any(s => s.Step >= step && s.TotalLoss is not null);

    // An imported record has the step itself, without the loss that was not finite.
    private static bool IsFiniteAgain(RunRecord run, NonFiniteValue found) =>
        run.Rows.Any(s => s.Step > found.Step && (found.Field == Discriminator ? s.DiscriminatorLoss : s.TotalLoss) is not null);
}
