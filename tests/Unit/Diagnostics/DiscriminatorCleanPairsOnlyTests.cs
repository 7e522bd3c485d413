using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DiscriminatorCleanPairsOnlyTests
{
    [TestCase(1, FindingOutcome.Suspected)]
    [TestCase(18, FindingOutcome.Suspected, Description = "exactly 10 % is not above it")]
    [TestCase(19, FindingOutcome.Confirmed)]
    public void Steps_without_a_scored_sample_are_counted(int empty, FindingOutcome outcome)
    {
        var run = Records
            .Healthy()
            .WithSteps(s =>
                s.Step > empty
                    ? s
                    : s with
                    {
                        Scored = 0,
                        Masked = new Dictionary<string, int> { ["silent-reference"] = 2 },
                        Samples = [.. s.Samples!.Select(x => x with { Pesq = null, Target = null, Masked = "silent-reference" })],
                    }
            );
        var finding = new DiscriminatorCleanPairsOnly().Examine(run);
        finding.Outcome.Should().Be(outcome);
        (finding.Observed, finding.Threshold, finding.SinceEpoch).Should().Be((empty / 180.0, 0.1, 1));
        finding.Sentence.Should().StartWith($"{empty} of the discriminator's 180 steps (");
    }
}
