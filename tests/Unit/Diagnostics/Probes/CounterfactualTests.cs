using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;

namespace SpeechGan.Tests.Unit.Diagnostics.Probes;

public sealed class CounterfactualTests
{
    private static readonly Ingredient Mask = Ingredient.All.Single(i => i.Id == "mask-samples");

    [Test]
    public void What_closes_the_gap_in_every_seed_is_confirmed()
    {
        var finding = Judge([-0.4, -0.5, -0.3], [-0.02, -0.05, 0.01]);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Id.Should().Be("probe/mask-samples");
        finding.Observed.Should().BeApproximately(0.95, 0.001);
        finding
            .Sentence.Should()
            .Be(
                "With samples without a score masked on their own, the window: closes 95 % of the gap in PESQ (least seed 78 %): at "
                    + "least 80 % in the mean and 50 % in every seed confirms. "
                    + "PESQ +0.38 (+0.31 to +0.45 over seeds, 95 % over utterances +0.3712 to +0.3888) of a gap of 0.4; training rate "
                    + "+0.5 (+0.5 to +0.5 over seeds) of a gap of 0.5."
            );
        finding.NextAction.Should().Be("Train with --set metric.onFailure=mask.");
    }

    [Test]
    public void What_leaves_the_gap_open_is_rejected() =>
        Judge([-0.4, -0.5, -0.3], [-0.38, -0.5, -0.27]).Outcome.Should().Be(FindingOutcome.Rejected);

    [Test]
    public void A_share_that_rounds_to_nothing_has_no_sign() =>
        Judge([-0.4, -0.4, -0.4], [-0.401, -0.401, -0.401]).Sentence.Should().Contain("closes 0 % of the gap in PESQ (least seed 0 %)");

    [Test]
    public void Seeds_that_disagree_are_inconclusive_whatever_their_mean()
    {
        var finding = Judge([-0.4, -0.4, -0.4], [0.4, -0.02, -0.3]);
        finding.Observed.Should().BeGreaterThan(Counterfactual.ConfirmedFrom);
        finding.Outcome.Should().Be(FindingOutcome.Inconclusive);
    }

    [Test]
    public void Exactly_four_fifths_confirm_and_less_does_not()
    {
        JudgeRates([0.5, 0.5], [0.9, 0.9]).Outcome.Should().Be(FindingOutcome.Confirmed, "0.4 of 0.5");
        // Means of seeds whose four fifths end in another last bit.
        JudgeRates([7.0 / 12, 7.0 / 12, 7.0 / 12], [11.0 / 12, 10.0 / 12, 1.0])
            .Outcome.Should()
            .Be(FindingOutcome.Confirmed, "a third of five twelfths, in the mean");
        JudgeRates([0.5, 0.5], [0.875, 0.875]).Outcome.Should().Be(FindingOutcome.Inconclusive);
    }

    [Test]
    public void Where_nothing_fell_there_is_no_gap_to_close()
    {
        var finding = Judge([0.1, 0.2, 0.1], [0.3, 0.1, 0.2], rate: (1, 1));
        finding.Outcome.Should().Be(FindingOutcome.NotMeasured);
        finding.Observed.Should().BeNull();
        finding
            .Sentence.Should()
            .StartWith(
                "Nothing fell in the window, so that there is no gap to close. With samples without a score masked on their own: PESQ "
                    + "+0.0667 (-0.1 to +0.2 over seeds"
            );
    }

    [Test]
    public void A_gap_that_one_seed_does_not_show_is_none() =>
        Effect
            .Of(
                Before(),
                [.. Enumerable.Range(0, 3).Select(i => Run("unchanged", i, new[] { -0.4, -0.5, 0.01 }[i], 1))],
                [Run("x", 0, 0, 1), Run("x", 1, 0, 1), Run("x", 2, 0, 1)]
            )
            .Single(e => e.Measure == "PESQ")
            .IsGap.Should()
            .BeFalse();

    [Test]
    public void A_replay_without_its_unchanged_seed_is_left_out()
    {
        Effect.Of(Before(), [Run("unchanged", 1, -0.4, 1)], [Run("x", 2, 0, 1)]).Should().BeEmpty();
        Counterfactual.Judge(Mask, [], "the window").Sentence.Should().Be("Nothing could be compared in the window.");
    }

    [Test]
    public void A_run_without_a_discriminator_has_no_training_rate() =>
        Effect
            .Of(Before(), [Run("unchanged", 1, -0.4, null)], [Run("x", 1, 0, 0.5)])
            .Should()
            .NotContain(e => e.Measure == "training rate");

    private static Finding Judge(double[] unchanged, double[] changed, (double Without, double With)? rate = null) =>
        Counterfactual.Judge(
            Mask,
            Effect.Of(
                Before(),
                [.. unchanged.Select((c, i) => Run("unchanged", i, c, rate?.Without ?? 0.5))],
                [.. changed.Select((c, i) => Run("mask-samples", i, c, rate?.With ?? 1))]
            ),
            "the window"
        );

    private static Finding JudgeRates(double[] unchanged, double[] changed) =>
        Counterfactual.Judge(
            Mask,
            Effect.Of(
                Before(),
                [.. unchanged.Select((r, i) => Run("unchanged", i, 0.1, r))],
                [.. changed.Select((r, i) => Run("mask-samples", i, 0.1, r))]
            ),
            "the window"
        );

    private static Replay Before() => Run(Replay.Before, 0, 0, null);

    // Six utterances of different level, the same change on all of them but for a little.
    private static Replay Run(string ingredient, long seed, double change, double? rate) =>
        new()
        {
            Key = $"{ingredient} {seed}",
            Ingredient = ingredient,
            Seed = seed,
            Pesq = Enumerable.Range(0, 6).ToDictionary(i => $"u{i}", i => 2 + (0.3 * i) + (change * (1 + (0.02 * (i % 3 - 1))))),
            SiSdr = new Dictionary<string, double>(),
            TrainingRate = rate,
        };
}
