using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class FrontEndFaultTests
{
    [Test]
    public void One_identity_that_fails_confirms_and_those_of_other_theories_are_left_to_them()
    {
        var finding = new FrontEndFault().Examine(Records.Healthy().WithOracle("gain-leaves-pesq", 0.01));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().Be("1 of 1 identities do not hold: " + "gain-leaves-pesq is 0.01 and must be 0 within 0.0002.");
        finding.Concerns.Should().Equal("gain-leaves-pesq");
        foreach (
            var own in new[]
            {
                "estimate-is-clean/time",
                "clean-reversed/signal",
                "alone-and-in-batch/estimate",
                "estimate-is-clean/ri",
                "estimate-is-clean/magnitude",
            }
        )
            new FrontEndFault().Examine(Records.Healthy().WithOracle(own, 1)).Outcome.Should().Be(FindingOutcome.Rejected, own);
    }
}
