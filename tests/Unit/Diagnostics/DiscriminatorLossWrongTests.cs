using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DiscriminatorLossWrongTests
{
    [Test]
    public void Each_of_its_checks_that_does_not_hold_confirms_it_and_is_named()
    {
        var theory = new DiscriminatorLossWrong();
        theory.Checks.Should().Contain("step/d-of-estimate");
        foreach (var check in theory.Checks)
        {
            var finding = theory.Examine(Records.Healthy().WithOracle(check, 0.5));
            finding.Outcome.Should().Be(FindingOutcome.Confirmed, check);
            finding.Concerns.Should().Equal(check);
            finding.Sentence.Should().Contain($"({check}) is 0.5 and must be 0 within 0.01");
        }
    }

    [Test]
    public void Without_its_checks_it_is_not_measured_and_other_checks_are_left_to_others()
    {
        new DiscriminatorLossWrong().Examine(Records.Healthy() with { Oracles = [] }).Outcome.Should().Be(FindingOutcome.NotMeasured);
        new DiscriminatorLossWrong().Examine(Records.Healthy().WithOracle("estimate-is-clean/time", 0.5)).Outcome.Should().Be(FindingOutcome.Rejected);
    }
}
