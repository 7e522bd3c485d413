using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class LossBalanceTests
{
    [TestCase(0.0029, FindingOutcome.Confirmed)]
    [TestCase(0.0031, FindingOutcome.Suspected)]
    [TestCase(0.0099, FindingOutcome.Suspected)]
    [TestCase(0.0101, FindingOutcome.Rejected)]
    [TestCase(0.99, FindingOutcome.Rejected, Description = "exactly 99 % is not above it")]
    [TestCase(0.9901, FindingOutcome.Confirmed)]
    public void The_share_of_the_GAN_term_decides(double share, FindingOutcome outcome)
    {
        var finding = new LossBalance().Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s with
                    {
                        GradientNorm = new GradientNorms
                        {
                            Ri = 0,
                            Magnitude = 1 - share,
                            Time = 0,
                            Gan = share,
                        },
                    }
                )
        );
        finding.Outcome.Should().Be(outcome, finding.Sentence);
        finding.Observed.Should().BeApproximately(share, 1e-9);
    }

    [Test]
    public void A_drowned_term_is_told_with_all_shares_and_its_weight()
    {
        var finding = new LossBalance().Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s with
                    {
                        GradientNorm = new GradientNorms
                        {
                            Ri = 2,
                            Magnitude = 3,
                            Time = 4.99,
                            Gan = 0.01,
                        },
                    }
                )
        );
        finding
            .Sentence.Should()
            .Be(
                "At the generator's output the terms pull with RI 20 %, magnitude 30 %, time 49.9 %, GAN 0.1 % of the gradient (median "
                    + "of the last 90 steps): the GAN term is drowned."
            );
        finding
            .NextAction.Should()
            .Be(
                "Raise loss.weights.gan (loss.weights.gan is 0.05) until its share is a tenth and more (--set loss.weights.gan=1), and "
                    + "check whether the discriminator is constant."
            );
    }

    [Test]
    public void An_absent_term_is_suspected() =>
        new LossBalance()
            .Examine(Records.Healthy().WithSteps(s => s with { GradientNorm = s.GradientNorm! with { Gan = null } }))
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Suspected && f.Rule == "an absent term is suspected");
}
