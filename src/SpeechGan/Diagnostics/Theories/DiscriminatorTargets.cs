using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The discriminator is taught a number that is not the sample's own PESQ: a failure turned into -1, a batch's mean, another
/// scale.</summary>
public sealed class DiscriminatorTargets()
    : Theory(
        "discriminator-targets",
        Severity.Serious,
        "Is the discriminator taught the PESQ that the sample really has?",
        "share of targets that are not (PESQ - 1) / 3.5 of their own sample",
        "an identity (CMGAN, section III-D); 1e-6 is rounding to float32; fault F8's -1 in training; above 10 % confirms, by the same "
            + "rule of ten as a training rate below 90 %"
    )
{
    /// <summary>Above this percentage it is confirmed.</summary>
    public const int ConfirmedAbovePercent = 10;

    private const string Check = "step/targets";
    private const double Rounding = 1e-6;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (run.Oracles.FirstOrDefault(o => o is { Name: Check, Holds: false }) is { } failed)
            return Judged(
                FindingOutcome.Confirmed,
                failed.Observed!.Value,
                failed.Allowed,
                "a check before the first step that does not hold confirms",
                Say(
                    $"In a step that was rehearsed before the first one, the targets are {failed.Observed:G3} away from the samples' "
                        + $"own PESQ on the discriminator's scale (median; {failed.Allowed:G2} is allowed)."
                ),
                "Repair what turns scores into targets (src/SpeechGan/Metrics/MetricTargets.cs); speechgan bisect commits finds the "
                    + "change.",
                1,
                [Check]
            );

        const int mostNamed = 50;
        long taught = 0,
            wrong = 0,
            unscored = 0;
        SampleRow first = default;
        int? since = null;
        var names = new List<string>();
        foreach (var step in run.Rows)
        {
            foreach (var sample in step.Samples ?? [])
            {
                if (sample.Target is not { } target)
                    continue;

                taught++;
                if (sample.Pesq is { } pesq && !(Math.Abs(target - DiscriminatorWindow.TargetOf(pesq)) > Rounding))
                    continue;

                if (wrong++ == 0)
                    (first, since) = (sample, step.Epoch);

                unscored += sample.Pesq is null ? 1 : 0;
                if (names.Count < mostNamed && !names.Contains(sample.Name))
                    names.Add(sample.Name);
            }
        }

        if (taught == 0)
            return NotMeasured(
                run.Config is { HasDiscriminator: false }
                    ? "the run trains without a discriminator (loss.weights.gan is 0)"
                    : "no target is recorded"
            );

        if (wrong == 0)
            return Judged(FindingOutcome.Rejected, 0, 0, "0 % rejects", $"All {taught} targets are their own sample's PESQ.", "");

        var share = (double)wrong / taught;
        var confirmed = wrong * 100 > ConfirmedAbovePercent * taught;
        return Judged(
            confirmed ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
            share,
            ConfirmedAbovePercent / 100.0,
            confirmed ? $"above {ConfirmedAbovePercent} % confirms" : "above 0 % is suspected",
            Say(
                $"{wrong} of {taught} targets ({100 * share:0.#} %) are not their own sample's PESQ, {unscored} of them of "
                    + $"samples that have none; the first is {first.Name}, taught {first.Target:F3} where "
                    + $"{(first.Pesq is { } p ? Say($"its own is {DiscriminatorWindow.TargetOf(p):F3}") : "it has no score")}."
            ),
            "Teach each sample its own score and leave samples without one out (--set metric.onFailure=mask).",
            since,
            names
        );
    }
}
