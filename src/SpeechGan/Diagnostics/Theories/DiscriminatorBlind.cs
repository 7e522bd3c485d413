using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>What the discriminator says of estimates does not follow their PESQ: following it leads nowhere.</summary>
public sealed class DiscriminatorBlind()
    : Theory(
        "discriminator-blind",
        Severity.Serious,
        "Does the discriminator's judgement follow the true PESQ of estimates?",
        "correlation of the discriminator's output with the PESQ target, over the last half of the run",
        "the upper end of the 95 % interval (R. A. Fisher's z, 1921) below 0.3, a small effect by J. Cohen, 1988; runs without the "
            + "fault lay at 0.5 and more (docs/diagnosis.md, Healthy spreads)"
    )
{
    /// <summary>Confirmed where even the upper end of the interval lies below.</summary>
    public const double BlindBelow = 0.3;

    /// <summary>Steps of the discriminator before it can be called blind: it has seen nothing at the beginning.</summary>
    public const int Steps = 300;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var window = DiscriminatorWindow.Of(run);
        if (window.WhyNot(run) is { } why)
            return NotMeasured(why);

        if (DiscriminatorWindow.Spread(window.Pairs.Select(p => p.Target)) is var spread && spread < DiscriminatorWindow.LeastSpread)
            return NotMeasured(
                Say(
                    $"the estimates' PESQ hardly differs (a spread of {EpochSummary.PesqRange * spread:F3}), so that there is nothing "
                        + $"to follow"
                )
            );

        const string action =
            "Look at discriminator-constant and discriminator-targets first; then raise optimizer.discriminatorLearningRate or train "
            + "the discriminator longer before its term counts.";
        if (window.Correlation() is not { } correlation)
            return Judged(
                FindingOutcome.Confirmed,
                0,
                BlindBelow,
                "no variation at all confirms",
                $"The discriminator said the same of all {window.Count} estimates of the last half of the run, whose PESQ differs.",
                action,
                window.FirstEpoch
            );

        // Fisher's z: atanh(r) is nearly normal with a standard error of 1 / sqrt(n - 3).
        var error = 1.96 / Math.Sqrt(window.Count - 3);
        double low = Math.Tanh(Math.Atanh(Math.Clamp(correlation, -0.999999, 0.999999)) - error),
            high = Math.Tanh(Math.Atanh(Math.Clamp(correlation, -0.999999, 0.999999)) + error);
        var numbers = Say(
            $"The discriminator's judgement of {window.Count} estimates of the last half of the run correlates with their PESQ "
                + $"by {correlation:F2} (95 % interval {low:F2} to {high:F2})"
        );
        var steps = run.Rows.Count(s => s.DiscriminatorStepped == true);
        if (high < BlindBelow && steps < Steps)
            return Judged(
                FindingOutcome.Inconclusive,
                correlation,
                BlindBelow,
                Say($"an interval below {BlindBelow} of a young discriminator is inconclusive"),
                $"{numbers}; it has made {steps} steps, and is judged after {Steps}.",
                "Train longer: the discriminator is young."
            );
        if (high < BlindBelow)
            return Judged(
                FindingOutcome.Confirmed,
                correlation,
                BlindBelow,
                Say($"an interval below {BlindBelow} confirms"),
                $"{numbers}: its output does not follow PESQ.",
                action,
                window.FirstEpoch
            );
        if (low > BlindBelow)
            return Judged(
                FindingOutcome.Rejected,
                correlation,
                BlindBelow,
                Say($"an interval above {BlindBelow} rejects"),
                $"{numbers}.",
                ""
            );
        return Judged(
            FindingOutcome.Inconclusive,
            correlation,
            BlindBelow,
            Say($"an interval on both sides of {BlindBelow} is inconclusive"),
            $"{numbers}.",
            "Train longer, or judge again when more estimates were scored."
        );
    }
}
