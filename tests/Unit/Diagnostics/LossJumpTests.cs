using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class LossJumpTests
{
    [TestCase(10, FindingOutcome.Confirmed)]
    [TestCase(9.99, FindingOutcome.Suspected)]
    [TestCase(5, FindingOutcome.Suspected)]
    [TestCase(4.99, FindingOutcome.Rejected)]
    public void The_factor_over_the_steps_before_decides(double factor, FindingOutcome outcome)
    {
        var finding = new LossJump().Examine(With(i => i == 7 ? 0.1 * factor : 0.1));
        finding.Outcome.Should().Be(outcome);
        finding.Observed.Should().BeApproximately(factor, 1e-9);
    }

    [Test]
    public void The_step_is_named()
    {
        var finding = new LossJump().Examine(With(i => i < 7 ? 0.1 : 2));
        finding
            .Sentence.Should()
            .Be("The loss of step 8 (epoch 1) is 2, 20 times the 0.1 of the steps before it: a step threw the generator off.");
        finding.SinceEpoch.Should().Be(1);
    }

    [Test]
    public void A_loss_that_falls_is_no_jump() =>
        new LossJump().Examine(With(i => 1.0 / (i + 1))).Outcome.Should().Be(FindingOutcome.Rejected);

    [Test]
    public void One_step_says_nothing()
    {
        var run = Records.Healthy();
        new LossJump()
            .Examine(run with { Steps = [run.Steps[0]] })
            .Sentence.Should()
            .Be("Not measured: fewer than two steps of speech with a loss above 0 are recorded.");
    }

    [TestCase("silent-reference", FindingOutcome.Rejected)]
    [TestCase("silent-degraded", FindingOutcome.Confirmed)]
    public void A_batch_with_a_silent_clean_side_is_held_against_none(string reason, FindingOutcome outcome)
    {
        var run = Records
            .Healthy()
            .WithSteps(s =>
                s.Step == 40
                    ? s with
                    {
                        Loss = s.Loss with { Total = 40 },
                        Masked = new Dictionary<string, int> { [reason] = 1 },
                    }
                    : s
            );
        new LossJump().Examine(run).Outcome.Should().Be(outcome);
    }

    private static RunRecord With(Func<int, double> loss)
    {
        var run = Records.Healthy();
        return run with { Steps = [.. run.Steps.Select((s, i) => s with { Loss = s.Loss with { Total = loss(i) } })] };
    }
}
