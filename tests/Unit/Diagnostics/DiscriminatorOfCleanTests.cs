using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DiscriminatorOfCleanTests
{
    [TestCase(0.49, FindingOutcome.Confirmed)]
    [TestCase(0.5, FindingOutcome.Inconclusive)]
    [TestCase(0.69, FindingOutcome.Inconclusive)]
    [TestCase(0.7, FindingOutcome.Rejected)]
    public void The_median_for_clean_speech_decides(double said, FindingOutcome outcome)
    {
        var run = Records.Healthy().WithSamples((_, x) => x with { DiscriminatorOfClean = said });
        run = run with { Steps = [.. run.Steps, .. run.Steps] };
        new DiscriminatorOfClean().Examine(run).Should().Match<Finding>(f => f.Outcome == outcome && f.Observed == said);
    }

    [Test]
    public void A_young_discriminator_is_not_judged()
    {
        var run = Records.Healthy();
        new DiscriminatorOfClean()
            .Examine(run with { Steps = [.. run.Steps.Take(120)] })
            .Sentence.Should()
            .Be("Not measured: the discriminator made 120 steps, and it is judged after 300.");
    }
}
