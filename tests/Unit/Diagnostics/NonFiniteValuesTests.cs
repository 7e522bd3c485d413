using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class NonFiniteValuesTests
{
    [Test]
    public void The_step_in_which_it_began_is_told()
    {
        var run = Records.Healthy();
        run = run with
        {
            Steps = [.. run.Steps.Take(70)],
            Info = run.Info with
            {
                Status = RunStatus.Failed,
                NonFinite = new NonFiniteValue(3, 71, "The generator's loss is not finite in step 71 (epoch 3): GAN NaN."),
            },
        };
        var finding = new NonFiniteValues().Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.Observed, finding.SinceEpoch).Should().Be((71, 3));
        finding.Sentence.Should().Be("The generator's loss is not finite in step 71 (epoch 3): GAN NaN.");
    }

    [Test]
    public void A_run_that_went_on_past_it_is_inconclusive()
    {
        var run = Records.Healthy();
        new NonFiniteValues()
            .Examine(run with { Info = run.Info with { NonFinite = new NonFiniteValue(3, 71, "It was NaN.") } })
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Inconclusive && f.Sentence == "It was NaN. The run was resumed and went on past it."
            );
    }
}
