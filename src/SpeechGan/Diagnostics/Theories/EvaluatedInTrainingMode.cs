using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>Validation with dropout and batch statistics: scores are noisy, depend on the batch, and move the running statistics.</summary>
public sealed class EvaluatedInTrainingMode()
    : Theory(
        "evaluated-in-training-mode",
        Severity.Grave,
        "Was the generator in training mode when it was evaluated, or did evaluating change the networks?",
        "validations in training mode or that changed the networks, of those measured",
        "an identity: evaluating changes nothing (the SHA-256 of all parameters and buffers before and after)"
    )
{
    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var measured = run.Epochs.Where(e => e.Validation is { TrainingMode: not null } or { StateChanged: not null }).ToList();
        if (measured.Count == 0)
            return NotMeasured("no validation recorded the generator's mode");

        var bad = measured.Where(e => e.Validation is { TrainingMode: true } or { StateChanged: true }).ToList();
        if (bad.Count == 0)
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 rejects",
                $"In all {measured.Count} validations the generator was in evaluation mode and nothing in the networks changed.",
                ""
            );

        var changed = bad.Count(e => e.Validation is { StateChanged: true });
        return Judged(
            FindingOutcome.Confirmed,
            bad.Count,
            0,
            "above 0 confirms",
            $"{bad.Count} of {measured.Count} validations were made with a layer in training mode or changed the networks ({changed} "
                + $"changed parameters or buffers), first after epoch {bad[0].Epoch}: their scores hold dropout's noise and depend on "
                + $"the batch.",
            "Switch the whole generator to evaluation mode before scoring; evaluate the kept checkpoints again with speechgan evaluate.",
            bad[0].Epoch
        );
    }
}
