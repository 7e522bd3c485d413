using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class TestBelowValidTests
{
    [TestCase(-0.6, FindingOutcome.Confirmed)]
    [TestCase(-0.1, FindingOutcome.Rejected)]
    public void A_test_part_that_gains_far_less_is_named(double change, FindingOutcome outcome)
    {
        var run = Records.Healthy();
        var finding = new TestBelowValid().Examine(
            run with
            {
                Evaluations =
                [
                    .. run.Evaluations.Select(e =>
                        e is { Split: "test", Epoch: > 0 }
                            ? e with
                            {
                                Metrics = e.Metrics.ToDictionary(m => m.Key, m => m.Key == "pesq_wb" ? m.Value + change : m.Value),
                            }
                            : e
                    ),
                ],
            }
        );
        finding.Outcome.Should().Be(outcome, finding.Sentence);
    }

    [Test]
    public void Before_the_test_it_is_not_measured()
    {
        var run = Records.Healthy();
        new TestBelowValid()
            .Examine(run with { Evaluations = [.. run.Evaluations.Where(e => e.Split != "test" || e.Epoch == 0)] })
            .Outcome.Should()
            .Be(FindingOutcome.NotMeasured);
    }
}
