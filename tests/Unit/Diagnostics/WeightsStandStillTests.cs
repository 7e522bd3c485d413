using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class WeightsStandStillTests
{
    [Test]
    public void A_generator_that_does_not_move_confirms()
    {
        var finding = Examine(Records.Healthy().WithSteps(s => s with { GeneratorUpdate = s.GeneratorUpdate! with { Norm = 0 } }));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().Be("The generator's weights did not move in half of its last 90 steps.");
        finding.Concerns.Should().Equal("generator");
    }

    [TestCase(0.001, FindingOutcome.Confirmed)]
    [TestCase(0.05, FindingOutcome.Suspected)]
    [TestCase(0.5, FindingOutcome.Rejected)]
    public void A_discriminator_that_hardly_moves_is_told_by_how_much(double factor, FindingOutcome outcome)
    {
        var finding = Examine(
            Records
                .Healthy()
                .WithSteps(s => s with { DiscriminatorUpdate = s.DiscriminatorUpdate! with { Norm = s.DiscriminatorUpdate.Norm * factor } })
        );
        finding.Outcome.Should().Be(outcome, finding.Sentence);
    }

    [Test]
    public void Steps_that_the_discriminator_did_not_take_are_not_held_against_it() =>
        Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s.Batch % 3 == 0
                        ? s with
                        {
                            DiscriminatorStepped = false,
                            DiscriminatorUpdate = s.DiscriminatorUpdate! with { Norm = 0 },
                        }
                        : s
                )
        )
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);

    [Test]
    public void Tensors_with_a_gradient_that_never_move_confirm_and_one_step_of_it_does_not()
    {
        var finding = Examine(Records.Healthy().WithSteps(s => s with { GeneratorUpdate = s.GeneratorUpdate! with { Still = 4 } }));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().StartWith("4 of the generator's tensors have a gradient and did not move");
        Examine(Records.Healthy().WithSteps(s => s.Step == 150 ? s with { GeneratorUpdate = s.GeneratorUpdate! with { Still = 4 } } : s))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
    }

    [Test]
    public void Records_from_before_it_was_measured_are_not_judged() =>
        Examine(Records.Healthy().WithSteps(s => s with { GeneratorUpdate = null, DiscriminatorUpdate = null }))
            .Outcome.Should()
            .Be(FindingOutcome.NotMeasured);

    private static Finding Examine(RunRecord run) => new WeightsStandStill().Examine(run);
}
