using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DiscriminatorConstantTests
{
    [TestCase(0.02, FindingOutcome.Confirmed)]
    [TestCase(0.2, FindingOutcome.Rejected)]
    public void An_output_that_hardly_moves_confirms(double slope, FindingOutcome outcome)
    {
        var finding = new DiscriminatorConstant().Examine(
            Records.Healthy().WithSamples((_, x) => x with { Discriminator = 0.5 + (slope * x.Target) })
        );
        finding.Outcome.Should().Be(outcome);
        finding.Observed.Should().BeApproximately(slope, 1e-9);
    }

    [Test]
    public void Outputs_at_an_end_of_the_sigmoid_confirm()
    {
        var finding = new DiscriminatorConstant().Examine(
            Records.Healthy().WithSamples((s, x) => x with { Discriminator = s.Batch % 3 == 0 ? x.Discriminator : 0.995 })
        );
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding
            .Sentence.Should()
            .Be(
                "120 of 180 outputs of the last half of the run are above 0.99 or below 0.01 while their targets are not: the sigmoid "
                    + "is saturated and passes no gradient."
            );
    }

    [Test]
    public void Estimates_of_one_quality_say_nothing() =>
        new DiscriminatorConstant()
            .Examine(Records.Healthy().WithSamples((_, x) => x with { Pesq = 2, Discriminator = 0.3 }))
            .Sentence.Should()
            .StartWith("Not measured: the estimates' PESQ hardly differs");
}
