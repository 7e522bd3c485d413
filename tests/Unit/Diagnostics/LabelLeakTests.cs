using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class LabelLeakTests
{
    [TestCase("clean-reversed/estimate")]
    [TestCase("clean-reversed/signal")]
    public void The_least_change_of_the_estimate_confirms(string check)
    {
        var finding = new LabelLeak().Examine(Records.Healthy().WithOracle(check, 1e-12));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding
            .Sentence.Should()
            .Be(
                $"The estimate moved by 1E-12 when nothing but the clean signal was changed ({check}): the discriminator's targets and "
                    + $"the losses are those of a signal that inference cannot have."
            );
    }

    [TestCase(0.9, FindingOutcome.Rejected)]
    [TestCase(1.2, FindingOutcome.Suspected)]
    public void Training_scores_far_above_validation_are_suspected(double above, FindingOutcome outcome)
    {
        var run = Records.Healthy();
        var level = ValidationHistory.Of(run)[^1].Pesq + above;
        new LabelLeak().Examine(run.WithSamples((_, x) => x with { Pesq = level })).Outcome.Should().Be(outcome);
    }
}
