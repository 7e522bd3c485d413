using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DiscriminatorTargetsTests
{
    [Test]
    public void A_failure_taught_as_minus_one_confirms_and_is_named()
    {
        var run = Records
            .Healthy()
            .WithSamples((s, x) => s.Batch < 6 ? x with { Pesq = null, Masked = "silent-degraded", Target = -2 / 3.5 } : x);
        var finding = new DiscriminatorTargets().Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.Observed, finding.SinceEpoch).Should().Be((0.2, 1));
        finding
            .Sentence.Should()
            .MatchRegex(
                @"^72 of 360 targets \(20 %\) are not their own sample's PESQ, 72 of them of samples that have none; "
                    + @"the first is tr\d\d, taught -0\.571 where it has no score\.$"
            );
    }

    [TestCase(1, FindingOutcome.Suspected)]
    [TestCase(36, FindingOutcome.Suspected)]
    [TestCase(37, FindingOutcome.Confirmed)]
    public void A_batch_mean_is_no_samples_own(int wrong, FindingOutcome outcome)
    {
        var left = wrong;
        new DiscriminatorTargets()
            .Examine(Records.Healthy().WithSamples((_, x) => left-- > 0 ? x with { Target = x.Target + 0.01 } : x))
            .Outcome.Should()
            .Be(outcome);
    }
}
