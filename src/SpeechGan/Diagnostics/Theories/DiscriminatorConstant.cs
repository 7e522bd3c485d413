using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The discriminator gives nearly the same number whatever its input, or sits in its sigmoid's flat ends: its gradient is
/// none.</summary>
public sealed class DiscriminatorConstant()
    : Theory(
        "discriminator-constant",
        Severity.Serious,
        "Is the discriminator's output constant, or stuck at the ends of its sigmoid?",
        "spread (standard deviation) of the discriminator's outputs for estimates, over the last half of the run, as a share of the "
            + "spread of their targets",
        "a constant has none; runs without the fault lay at 0.3 and more (docs/diagnosis.md, Healthy spreads)"
    )
{
    /// <summary>Below this share of the targets' spread it is confirmed.</summary>
    public const double ConstantBelow = 0.05;

    // A sigmoid's slope is below 0.01 there, a twenty-fifth of its largest.
    private const double End = 0.99;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var window = DiscriminatorWindow.Of(run);
        if (window.WhyNot(run) is { } why)
            return NotMeasured(why);

        double targets = DiscriminatorWindow.Spread(window.Pairs.Select(p => p.Target)),
            said = DiscriminatorWindow.Spread(window.Pairs.Select(p => p.Said));
        var stuck = window.Pairs.Count(p => (p.Said > End && p.Target < End) || p.Said < 1 - End);
        var action =
            "Look at what the discriminator is taught (discriminator-targets, discriminator-clean-pairs-only); where its outputs are "
            + "at an end, lower its rate ("
            + NextCommand.LowerRate(run.Config, discriminator: true)
            + ").";
        if (2 * stuck > window.Count)
            return Judged(
                FindingOutcome.Confirmed,
                targets > 0 ? said / targets : 0,
                ConstantBelow,
                "more than half of the outputs at an end of the sigmoid confirm",
                $"{stuck} of {window.Count} outputs of the last half of the run are above 0.99 or below 0.01 while their targets "
                    + $"are not: the sigmoid is saturated and passes no gradient.",
                action,
                window.FirstEpoch
            );

        if (targets < DiscriminatorWindow.LeastSpread)
            return NotMeasured(
                Say(
                    $"the estimates' PESQ hardly differs (a spread of {EpochSummary.PesqRange * targets:F3}), and a good "
                        + $"discriminator's output would not either"
                )
            );

        var numbers = Say(
            $"The outputs for {window.Count} estimates of the last half of the run spread by {said:F3}, their targets by {targets:F3}"
        );
        return said / targets < ConstantBelow
            ? Judged(
                FindingOutcome.Confirmed,
                said / targets,
                ConstantBelow,
                Say($"below {100 * ConstantBelow:0.#} % of the targets' spread confirms"),
                $"{numbers}: the discriminator says the same of all.",
                action,
                window.FirstEpoch
            )
            : Judged(
                FindingOutcome.Rejected,
                said / targets,
                ConstantBelow,
                Say($"{100 * ConstantBelow:0.#} % of the targets' spread and more reject"),
                $"{numbers}.",
                ""
            );
    }
}
