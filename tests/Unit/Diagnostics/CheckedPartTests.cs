using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

/// <summary>The contract of all theories that read the checks made before the first step, and which checks are whose.</summary>
public sealed class CheckedPartTests
{
    private static readonly (CheckedPart Theory, string Check)[] Parts =
    [
        (new LossTermWrong(), "step/gan"),
        (new DiscriminatorLossWrong(), "step/d-of-estimate"),
        (new GradientWrong(), "step/generator-gradient"),
        (new UpdateWrong(), "step/discriminator-update"),
        (new ScoringWrong(), "evaluated/noisy"),
    ];

    private static IEnumerable<TestCaseData> Each => Parts.Select(p => new TestCaseData(p.Theory, p.Check).SetArgDisplayNames(p.Theory.Id));

    [TestCaseSource(nameof(Each))]
    public void Each_of_its_checks_that_does_not_hold_confirms_it_and_is_named(CheckedPart theory, string own)
    {
        theory.Checks.Should().Contain(own);
        foreach (var check in theory.Checks)
        {
            var finding = theory.Examine(Records.Healthy().WithOracle(check, 0.5));
            finding.Outcome.Should().Be(FindingOutcome.Confirmed, check);
            finding.Concerns.Should().Equal(check);
            finding.Sentence.Should().Contain($"({check}) is 0.5 and must be 0 within ");
        }
    }

    [TestCaseSource(nameof(Each))]
    public void Without_its_checks_it_is_not_measured_and_other_checks_are_left_to_others(CheckedPart theory, string own)
    {
        theory.Examine(Records.Healthy() with { Oracles = [] }).Outcome.Should().Be(FindingOutcome.NotMeasured);
        theory.Examine(Records.Healthy().WithOracle("estimate-is-clean/time", 0.5)).Outcome.Should().Be(FindingOutcome.Rejected, own);
    }

    [Test]
    public void A_gradient_that_a_foreign_optimiser_clears_is_its_echo()
    {
        var run = Records.Healthy().WithOracle("step/optimiser-tensors", 9).WithOracle("step/generator-gradient", 0.5);
        new UpdateWrong().Examine(run).Outcome.Should().Be(FindingOutcome.Confirmed);
        new GradientWrong()
            .Examine(run)
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Suspected && f.Rule == "what update-wrong explains is suspected");
    }

    [TestCase("step/pesq")]
    [TestCase("step/time")]
    [TestCase("step/generator-gradient")]
    public void What_a_leaked_signal_changes_is_an_echo_of_the_leak(string check)
    {
        var run = Records.Healthy().WithOracle("clean-reversed/signal", 0.5).WithOracle(check, 0.5);
        Verdict
            .Of(run)
            .Findings.Select(f => (f.Outcome, f.Rule))
            .Should()
            .ContainInOrder(
                (FindingOutcome.Confirmed, "above 0 confirms"),
                (FindingOutcome.Suspected, "what label-leak explains is suspected")
            );
    }

    [Test]
    public void No_check_belongs_to_two_theories() => Parts.SelectMany(p => p.Theory.Checks).Should().OnlyHaveUniqueItems();
}
