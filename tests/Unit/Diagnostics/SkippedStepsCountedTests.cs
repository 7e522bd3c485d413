using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class SkippedStepsCountedTests
{
    [Test]
    public void A_skipped_step_that_has_a_loss_confirms()
    {
        var finding = new SkippedStepsCounted().Examine(
            Records.Healthy().WithSteps(s => s.Step == 40 ? s with { DiscriminatorStepped = false, DiscriminatorLoss = 0 } : s)
        );
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().Be("1 steps on which the discriminator did not step have a loss all the same, 0 in step 40.");
        finding.SinceEpoch.Should().Be(2);
    }

    [Test]
    public void A_mean_with_zeros_averaged_in_confirms()
    {
        var run = Records.Healthy().WithEpochs(e => e.Epoch == 5 ? e with { DiscriminatorLoss = e.DiscriminatorLoss * 0.9 } : e);
        new SkippedStepsCounted()
            .Examine(run)
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.SinceEpoch == 5 && Math.Abs(f.Observed!.Value - 0.1) < 1e-9);
    }

    [TestCase(1e-10, FindingOutcome.Rejected)]
    [TestCase(1e-8, FindingOutcome.Confirmed)]
    public void Rounding_is_no_fault(double relative, FindingOutcome outcome) =>
        new SkippedStepsCounted()
            .Examine(Records.Healthy().WithEpochs(e => e with { DiscriminatorLoss = e.DiscriminatorLoss * (1 + relative) }))
            .Outcome.Should()
            .Be(outcome);
}
