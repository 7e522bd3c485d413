using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class GradientsUnstableTests
{
    [TestCase(29, FindingOutcome.Rejected)]
    [TestCase(30, FindingOutcome.Suspected)]
    [TestCase(99, FindingOutcome.Suspected)]
    [TestCase(100, FindingOutcome.Confirmed)]
    [TestCase(1 / 64.0, FindingOutcome.Rejected)]
    [TestCase(1 / 128.0, FindingOutcome.Suspected)]
    [TestCase(1 / 1024.0, FindingOutcome.Confirmed)]
    public void The_factor_between_epochs_decides(double factor, FindingOutcome outcome)
    {
        var finding = new GradientsUnstable().Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s with
                    {
                        GradientNorm = new GradientNorms { Generator = s.Epoch == 5 ? factor : 1, Discriminator = 1 },
                    }
                )
        );
        finding.Outcome.Should().Be(outcome, finding.Sentence);
        if (outcome != FindingOutcome.Rejected)
            finding.SinceEpoch.Should().Be(5);
    }

    [Test]
    public void A_gradient_of_nothing_vanishes_and_the_network_is_named()
    {
        var finding = new GradientsUnstable().Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s with
                    {
                        GradientNorm = new GradientNorms { Generator = 1, Discriminator = s.Epoch < 4 ? 1 : 0 },
                    }
                )
        );
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().Be("The discriminator's median gradient norm went from 1 to 0 in epoch 4: it vanishes.");
    }
}
