using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class GeneratorSilentTests
{
    [TestCase(1, FindingOutcome.Suspected)]
    [TestCase(12, FindingOutcome.Suspected, Description = "12 of 60 are exactly 20 %")]
    [TestCase(13, FindingOutcome.Confirmed)]
    public void Silent_estimates_of_an_epoch_are_counted(int silent, FindingOutcome outcome)
    {
        var left = silent;
        var run = Records
            .Healthy()
            .WithSteps(s =>
            {
                var n = s.Epoch == 4 ? Math.Min(2, left) : 0;
                left -= n;
                return n == 0
                    ? s
                    : s with
                    {
                        Scored = s.Scored - n,
                        Masked = new Dictionary<string, int> { ["silent-degraded"] = n },
                    };
            });
        var finding = new GeneratorSilent().Examine(run);
        finding.Outcome.Should().Be(outcome);
        (finding.Observed, finding.SinceEpoch).Should().Be((silent / 60.0, 4));
    }

    [Test]
    public void A_silent_clean_side_is_not_the_generators_fault() =>
        new GeneratorSilent()
            .Examine(
                Records
                    .Healthy()
                    .WithSteps(s =>
                        s with
                        {
                            Scored = 0,
                            Masked = new Dictionary<string, int> { ["silent-reference"] = 2 },
                        }
                    )
            )
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
}
