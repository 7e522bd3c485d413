using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>(PESQ - 1) / 3.5 exceeds 1 for the best estimates (fault F17): the sigmoid cannot reach it, and the loss has a floor.</summary>
public sealed class TargetsAboveOne()
    : Theory(
        "targets-above-one",
        Severity.Serious,
        "Is the discriminator taught targets that its sigmoid cannot reach?",
        "share of targets above 1",
        "the sigmoid ends at 1; wide-band PESQ ends at 4.6439, a target of 1.041 (fault F17); more than one in ten confirms, by the "
            + "same rule of ten as a training rate below 90 %"
    )
{
    /// <summary>Above this percentage it is confirmed.</summary>
    public const int ConfirmedAbovePercent = 10;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var targets = run
            .Steps.SelectMany(s => (s.Samples ?? []).Where(x => x.Target is not null).Select(x => (s.Epoch, Target: x.Target!.Value)))
            .ToList();
        if (targets.Count == 0)
        {
            return NotMeasured(
                run.Config is { HasDiscriminator: false }
                    ? "the run trains without a discriminator (loss.weights.gan is 0)"
                    : "no target is recorded"
            );
        }

        var above = targets.Where(t => t.Target > 1).ToList();
        if (above.Count == 0)
        {
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 % rejects",
                Say($"All {targets.Count} targets lie at or below 1 (the highest is {targets.Max(t => t.Target):F3})."),
                ""
            );
        }

        var confirmed = above.Count * 100L > ConfirmedAbovePercent * (long)targets.Count;
        var share = (double)above.Count / targets.Count;
        return Judged(
            confirmed ? FindingOutcome.Confirmed : FindingOutcome.Inconclusive,
            share,
            ConfirmedAbovePercent / 100.0,
            confirmed ? $"above {ConfirmedAbovePercent} % confirms" : $"up to {ConfirmedAbovePercent} % is inconclusive",
            Say(
                $"{above.Count} of {targets.Count} targets ({100 * share:0.##} %) lie above 1, the highest at "
                    + $"{above.Max(t => t.Target):F3}: the discriminator cannot say so, and its loss cannot vanish."
            ),
            "Scale PESQ so that its highest value stays below 1, (PESQ + 0.5) / 5.2 for example.",
            above[0].Epoch
        );
    }
}
