using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class UpdateTooLargeTests
{
    [TestCase(20, FindingOutcome.Confirmed)]
    [TestCase(8, FindingOutcome.Suspected)]
    [TestCase(2, FindingOutcome.Rejected)]
    public void An_epoch_whose_updates_no_AdamW_makes_is_named(double factor, FindingOutcome outcome)
    {
        var finding = Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s.Epoch == 4 ? s with { GeneratorUpdate = s.GeneratorUpdate! with { Norm = s.GeneratorUpdate.Norm * factor } } : s
                )
        );
        finding.Outcome.Should().Be(outcome, finding.Sentence);
        if (outcome == FindingOutcome.Confirmed)
            finding.Should().Match<Finding>(f => f.SinceEpoch == 4 && f.Concerns[0] == "generator");
    }

    [Test]
    public void A_discriminator_that_moves_without_a_step_confirms()
    {
        var finding = Examine(
            Records.Healthy().WithSteps(s => s.Step == 100 ? s with { DiscriminatorStepped = false, DiscriminatorLoss = null } : s)
        );
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().Be("The discriminator's weights moved in 1 steps that it did not take.");
    }

    [Test]
    public void Weights_that_change_between_two_steps_confirm()
    {
        var finding = Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s with
                    {
                        GeneratorUpdate = s.GeneratorUpdate! with { ChangedBefore = s.Step is 1 ? null : s.Step is 61 or 91 },
                    }
                )
        );
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding
            .Sentence.Should()
            .Be(
                "The generator's weights changed between two steps 2 times, first before step 61: something other than its optimiser "
                    + "writes into them."
            );
        finding.SinceEpoch.Should().Be(3);
    }

    private static Finding Examine(RunRecord run) => new UpdateTooLarge().Examine(run);
}
