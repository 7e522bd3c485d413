using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DiscriminatorBlindTests
{
    [Test]
    public void A_judgement_without_relation_to_PESQ_confirms_once_the_discriminator_is_old_enough()
    {
        var random = new Random(7);
        var blind = Records.Healthy().WithSamples((_, x) => x with { Discriminator = random.NextDouble() });
        new DiscriminatorBlind()
            .Examine(blind)
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Inconclusive && f.Sentence.EndsWith("it has made 180 steps, and is judged after 300.")
            );
        var old = new DiscriminatorBlind().Examine(blind with { Steps = [.. blind.Steps, .. blind.Steps] });
        old.Outcome.Should().Be(FindingOutcome.Confirmed);
        old.Sentence.Should()
            .StartWith("The discriminator's judgement of 360 estimates of the last half of the run correlates with their PESQ by ");
        old.NextAction.Should().StartWith("Look at discriminator-constant");
    }

    [Test]
    public void A_judgement_that_never_varies_confirms_and_few_samples_do_not()
    {
        var run = Records.Healthy();
        new DiscriminatorBlind()
            .Examine(run.WithSamples((_, x) => x with { Discriminator = 0.4 }))
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.Observed == 0);
        new DiscriminatorBlind()
            .Examine(run with { Steps = [.. run.Steps.Take(38)] })
            .Sentence.Should()
            .Be("Not measured: 38 samples have both a score and a judgement in the last half of the run, and 40 are needed.");
        new DiscriminatorBlind()
            .Examine(run with { Steps = [.. run.Steps.Take(40)] })
            .Outcome.Should()
            .Be(FindingOutcome.Rejected, "40 samples are enough");
    }
}
