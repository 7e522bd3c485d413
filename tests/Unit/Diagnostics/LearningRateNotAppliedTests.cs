using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class LearningRateNotAppliedTests
{
    [Test]
    public void A_rate_that_decays_as_configured_is_right_and_one_that_does_not_is_named_with_both_numbers()
    {
        var config = new RunConfig().With(["optimizer.decayEpochs=3", "optimizer.decayFactor=0.5"]);
        var run = (Records.Healthy() with { Config = config }).WithSteps(s =>
            s with
            {
                GeneratorUpdate = s.GeneratorUpdate! with { Rate = config.Optimizer.GeneratorLearningRate * (s.Epoch > 3 ? 0.5 : 1) },
                DiscriminatorUpdate = s.DiscriminatorUpdate! with
                {
                    Rate = config.Optimizer.DiscriminatorLearningRate * (s.Epoch > 3 ? 0.5 : 1),
                },
            }
        );
        Examine(run).Outcome.Should().Be(FindingOutcome.Rejected);

        var stuck = Examine(
            run.WithSteps(s =>
                s with
                {
                    DiscriminatorUpdate = s.DiscriminatorUpdate! with { Rate = config.Optimizer.DiscriminatorLearningRate },
                }
            )
        );
        stuck.Outcome.Should().Be(FindingOutcome.Confirmed);
        stuck.SinceEpoch.Should().Be(4);
        stuck
            .Sentence.Should()
            .Be("The discriminator's optimiser held a learning rate of 0.001 in epoch 4, and the schedule gives 0.0005.");
    }

    private static Finding Examine(RunRecord run) => new LearningRateNotApplied().Examine(run);
}
