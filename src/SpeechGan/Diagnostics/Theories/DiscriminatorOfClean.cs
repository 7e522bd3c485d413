using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The discriminator does not give clean speech beside itself the highest mark, which half of its loss teaches: it has not learnt
/// even that.</summary>
public sealed class DiscriminatorOfClean()
    : Theory(
        "discriminator-of-clean",
        Severity.Serious,
        "Does the discriminator know clean speech: is D(clean, clean) near 1?",
        "median of the discriminator's output for (clean, clean) over the last half of the run",
        "its target is 1; a run without the fault lay at 0.70 after 144 steps and at 0.97 after 375 (docs/diagnosis.md, Healthy spreads)"
    )
{
    /// <summary>Below this median it is confirmed.</summary>
    public const double ConfirmedBelow = 0.5;

    /// <summary>Below this median it is inconclusive.</summary>
    public const double NearFrom = 0.7;

    /// <summary>Steps of the discriminator before it is judged: it starts at 0.5.</summary>
    public const int Steps = 300;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var stepped = run.Rows.Count(s => s.DiscriminatorStepped == true);
        var window = DiscriminatorWindow.Of(run);
        if (!window.OfClean.Any())
            return NotMeasured(
                run.Config is { HasDiscriminator: false }
                    ? "the run trains without a discriminator (loss.weights.gan is 0)"
                    : "no step recorded the discriminator's output for (clean, clean)"
            );

        if (stepped < Steps)
            return NotMeasured($"the discriminator made {stepped} steps, and it is judged after {Steps}");

        var median = LongMedian.Of(window.OfClean);
        var numbers = Say(
            $"The discriminator's median output for (clean, clean) is {median:F2} over the last half of the run, and it is taught 1"
        );
        const string action =
            "Check whether the discriminator steps at all (discriminator-starved) and what it is taught; raise "
            + "optimizer.discriminatorLearningRate.";
        if (median < ConfirmedBelow)
            return Judged(
                FindingOutcome.Confirmed,
                median,
                ConfirmedBelow,
                Say($"below {ConfirmedBelow} confirms"),
                $"{numbers}: it does not know clean speech.",
                action,
                window.FirstEpoch
            );
        if (median < NearFrom)
            return Judged(
                FindingOutcome.Inconclusive,
                median,
                NearFrom,
                Say($"between {ConfirmedBelow} and {NearFrom} is inconclusive"),
                $"{numbers}.",
                action,
                window.FirstEpoch
            );
        return Judged(FindingOutcome.Rejected, median, NearFrom, Say($"{NearFrom} and more reject"), $"{numbers}.", "");
    }
}
