using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class OverfittingTests
{
    [TestCase(0.5, FindingOutcome.Confirmed)]
    [TestCase(0, FindingOutcome.Inconclusive)]
    [TestCase(-0.5, FindingOutcome.Rejected)]
    public void A_fall_in_validation_with_a_rise_in_training_confirms(double training, FindingOutcome outcome)
    {
        var run = Records.Healthy().WithPesq(0, 0, -0.3, -0.4, -0.6, -0.8);
        var middle = new Random(3);
        run = run.WithSamples((s, x) => x with { Pesq = 2 + (0.3 * middle.NextDouble()) + (s.Epoch > 2 ? training : 0) });
        var finding = new Overfitting().Examine(run);
        finding.Outcome.Should().Be(outcome, finding.Sentence);
        finding.Sentence.Should().StartWith("From epoch 2 to 6 the mean PESQ of training samples went from ");
    }

    [Test]
    public void A_validation_that_holds_is_no_overfitting_whatever_training_does()
    {
        var run = Records.Healthy().WithPesq(0.3, 0.3, 0.2, 0.15, 0.1, 0);
        new Overfitting()
            .Examine(run.WithSamples((s, x) => x with { Pesq = x.Pesq + s.Epoch }))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
    }
}
