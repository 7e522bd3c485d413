using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class AdviceTests
{
    [Test]
    public void A_setting_that_the_run_already_has_is_no_advice()
    {
        var wrong = Records.Healthy().WithOracle("estimate-is-clean/time", 0.5);
        new ScaleFault()
            .Examine(wrong)
            .NextAction.Should()
            .Be(
                "Normalise the clean signal with the noisy one's factor before the time term, as the estimate is "
                    + "(loss.timeReference=normalized is set already: the program does something else than it is told), and train again."
            );
        new ScaleFault()
            .Examine(wrong with { Config = wrong.Config!.With(["loss.timeReference=raw"]) })
            .NextAction.Should()
            .Contain("(--set loss.timeReference=normalized)");
        new ScaleFault().Examine(wrong with { Config = null }).NextAction.Should().Contain("(--set loss.timeReference=normalized)");
    }

    [Test]
    public void No_confirmed_theory_of_a_default_run_advises_a_setting_of_the_defaults()
    {
        var healthy = Records.Healthy();
        foreach (
            var broken in new[]
            {
                healthy.WithOracle("clean-reversed/signal", 1),
                healthy.WithSamples((s, x) => x with { Target = 0.2 }),
                healthy.WithSamples((s, x) => x with { Name = $"{s.Batch}" }),
                healthy with
                {
                    Evaluations = [.. healthy.Evaluations.Select(e => e with { CutStart = e.CutStart + e.Epoch })],
                },
            }
        )
        {
            var confirmed = Verdict.Of(broken).Findings.Where(f => f.Outcome == FindingOutcome.Confirmed).ToList();
            confirmed.Should().NotBeEmpty();
            foreach (var finding in confirmed)
            foreach (
                System.Text.RegularExpressions.Match m in System.Text.RegularExpressions.Regex.Matches(
                    finding.NextAction,
                    "--set ([A-Za-z.]+=[A-Za-z0-9-]+)"
                )
            )
                healthy.Config!.With([m.Groups[1].Value]).Should().NotBe(healthy.Config, finding.NextAction);
        }
    }
}
