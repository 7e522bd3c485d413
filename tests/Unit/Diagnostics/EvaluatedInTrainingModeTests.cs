using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class EvaluatedInTrainingModeTests
{
    [TestCase(true, false, 0)]
    [TestCase(false, true, 1)]
    public void Training_mode_or_a_changed_network_confirms(bool mode, bool changed, int count)
    {
        var run = Records
            .Healthy()
            .WithEpochs(e => e.Epoch == 4 ? e with { Validation = e.Validation! with { TrainingMode = mode, StateChanged = changed } } : e);
        var finding = new EvaluatedInTrainingMode().Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.Observed, finding.SinceEpoch).Should().Be((1, 4));
        finding
            .Sentence.Should()
            .StartWith(
                $"1 of 6 validations were made with a layer in training mode or changed the networks ({count} changed parameters or "
                    + $"buffers), first after epoch 4"
            );
    }

    [Test]
    public void Older_records_say_nothing() =>
        new EvaluatedInTrainingMode()
            .Examine(
                Records.Healthy().WithEpochs(e => e with { Validation = e.Validation! with { TrainingMode = null, StateChanged = null } })
            )
            .Outcome.Should()
            .Be(FindingOutcome.NotMeasured);
}
