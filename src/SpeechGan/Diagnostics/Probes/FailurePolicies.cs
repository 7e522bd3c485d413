using System.Globalization;

namespace SpeechGan.Diagnostics.Probes;

/// <summary>How often the discriminator would step under each failure policy, by the scores of a replayed window.</summary>
public static class FailurePolicies
{
    /// <summary>The finding.</summary>
    /// <param name="unchanged">Replays of the run as it was.</param>
    public static Finding Judge(IReadOnlyList<Replay> unchanged)
    {
        ArgumentNullException.ThrowIfNull(unchanged);
        var known = unchanged.Where(r => r.RateByPolicy.Count > 0).ToList();
        var finding = new Finding
        {
            Id = "probe/failure-policies",
            Outcome = FindingOutcome.NotMeasured,
            Measure = "training rate when a sample without a score takes its batch along",
            ThresholdSource = "docs/architecture.md, Numbers: the project's definition of a starved discriminator",
            Sentence = "The replays recorded no sample's score: no discriminator takes part.",
            NextAction = "",
        };
        if (known.Count == 0)
            return finding;

        double Rate(string policy) => known.Average(r => r.RateByPolicy[policy]);
        double mask = Rate("mask"),
            drop = Rate("drop-batch");
        var outcome =
            drop < Theories.DiscriminatorStarved.ConfirmedBelowPercent / 100.0 ? FindingOutcome.Confirmed
            : drop > Theories.DiscriminatorStarved.RejectedAbovePercent / 100.0 ? FindingOutcome.Rejected
            : FindingOutcome.Inconclusive;
        return finding with
        {
            Outcome = outcome,
            Observed = drop,
            Threshold =
                (
                    outcome == FindingOutcome.Rejected
                        ? Theories.DiscriminatorStarved.RejectedAbovePercent
                        : Theories.DiscriminatorStarved.ConfirmedBelowPercent
                ) / 100.0,
            Rule =
                $"below {Theories.DiscriminatorStarved.ConfirmedBelowPercent} % the policy decides whether the discriminator starves; "
                + $"above {Theories.DiscriminatorStarved.RejectedAbovePercent} % no policy does",
            Sentence = string.Create(
                CultureInfo.InvariantCulture,
                $"By the scores of the replayed window the discriminator would step on {100 * drop:0.#} % of batches where one sample "
                    + $"without a score drops its batch, and on {100 * mask:0.#} % where it is masked alone or stands for the batch's mean."
            ),
            NextAction = outcome == FindingOutcome.Rejected ? "" : "Keep metric.onFailure=mask.",
        };
    }
}
