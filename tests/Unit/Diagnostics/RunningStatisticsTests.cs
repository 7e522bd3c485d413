using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class RunningStatisticsTests
{
    [TestCase(1.2, FindingOutcome.Rejected)]
    [TestCase(1.21, FindingOutcome.Suspected)]
    [TestCase(1.5, FindingOutcome.Suspected)]
    [TestCase(1.51, FindingOutcome.Confirmed)]
    public void The_factor_between_the_modes_decides(double factor, FindingOutcome outcome) =>
        new RunningStatistics()
            .Examine(
                Records
                    .Healthy()
                    .WithEpochs(e =>
                        e with
                        {
                            ModeLoss = new ModeLoss { Training = 1, Evaluation = factor },
                        }
                    )
            )
            .Should()
            .Match<Finding>(f => f.Outcome == outcome && f.Observed == factor);

    [Test]
    public void Statistics_that_have_not_settled_are_not_judged()
    {
        var run = Records.Healthy();
        new RunningStatistics()
            .Examine(run with { Epochs = [.. run.Epochs.Take(1)] })
            .Sentence.Should()
            .Be("Not measured: no validated epoch after step 50 recorded the loss of one batch in both modes.");
    }

    [Test]
    public void Statistics_that_a_step_does_not_update_confirm_before_any_epoch()
    {
        var finding = new RunningStatistics().Examine(Records.Healthy().WithOracle("step/generator-buffers", 0.5) with { Epochs = [] });
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding
            .Sentence.Should()
            .StartWith("After a step the generator's running statistics are 0.5 of their size away from those that the batch gives");
    }
}
