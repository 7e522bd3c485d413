using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class TargetsAboveOneTests
{
    [TestCase(1, FindingOutcome.Inconclusive)]
    [TestCase(36, FindingOutcome.Inconclusive, Description = "36 of 360 are exactly 10 %")]
    [TestCase(37, FindingOutcome.Confirmed)]
    public void Targets_beyond_the_sigmoid_are_counted(int above, FindingOutcome outcome)
    {
        var left = above;
        var finding = new TargetsAboveOne().Examine(
            Records.Healthy().WithSamples((_, x) => left-- > 0 ? x with { Target = 1.04, Pesq = 4.64 } : x)
        );
        finding.Outcome.Should().Be(outcome);
        finding.Sentence.Should().StartWith($"{above} of 360 targets (").And.Contain("the highest at 1.040");
    }

    [Test]
    public void One_itself_can_be_said() =>
        new TargetsAboveOne()
            .Examine(Records.Healthy().WithSamples((_, x) => x with { Target = 1 }))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
}
