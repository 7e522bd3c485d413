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
        long count = 0,
            above = 0;
        var highest = double.NegativeInfinity;
        int? since = null;
        foreach (var step in run.Rows)
        {
            foreach (var sample in step.Samples ?? [])
            {
                if (sample.Target is not { } target)
                    continue;

                count++;
                highest = Math.Max(highest, target);
                if (target > 1)
                {
                    above++;
                    since ??= step.Epoch;
                }
            }
        }

        if (count == 0)
            return NotMeasured(
                run.Config is { HasDiscriminator: false }
                    ? "the run trains without a discriminator (loss.weights.gan is 0)"
                    : "no target is recorded"
            );

        if (above == 0)
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 % rejects",
                Say($"All {count} targets lie at or below 1 (the highest is {highest:F3})."),
                ""
            );

        var confirmed = above * 100 > ConfirmedAbovePercent * count;
        var share = (double)above / count;
        return Judged(
            confirmed ? FindingOutcome.Confirmed : FindingOutcome.Inconclusive,
            share,
            ConfirmedAbovePercent / 100.0,
            confirmed ? $"above {ConfirmedAbovePercent} % confirms" : $"up to {ConfirmedAbovePercent} % is inconclusive",
            Say(
                $"{above} of {count} targets ({100 * share:0.##} %) lie above 1, the highest at "
                    + $"{highest:F3}: the discriminator cannot say so, and its loss cannot vanish."
            ),
            "Scale PESQ so that its highest value stays below 1, (PESQ + 0.5) / 5.2 for example.",
            since
        );
    }
}
