using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class ScaleFaultTests
{
    [TestCase(1e-5, FindingOutcome.Rejected, Description = "exactly what is allowed")]
    [TestCase(1.1e-5, FindingOutcome.Confirmed)]
    [TestCase(0.53, FindingOutcome.Confirmed)]
    public void The_identity_decides(double loss, FindingOutcome outcome) =>
        new ScaleFault().Examine(Records.Healthy().WithOracle("estimate-is-clean/time", loss)).Outcome.Should().Be(outcome);

    [Test]
    public void Confirmed_is_said_with_numbers_and_what_to_do()
    {
        var finding = new ScaleFault().Examine(
            (Records.Healthy() with { Config = new RunConfig().With(["loss.timeReference=raw"]) }).WithOracle(
                "estimate-is-clean/time",
                0.5324
            )
        );
        finding
            .Sentence.Should()
            .Be(
                "A perfect estimate has a time loss of 0.532, and a sound trainer gives it none (within 1E-05): the two signals are of "
                    + "different scale, and the generator is taught a level that is wrong."
            );
        finding.NextAction.Should().Contain("--set loss.timeReference=normalized");
        finding.SinceEpoch.Should().Be(1);
    }

    [TestCase(0.3, -1, FindingOutcome.Suspected)]
    [TestCase(0.3, 1, FindingOutcome.NotMeasured)]
    [TestCase(-0.3, -1, FindingOutcome.NotMeasured)]
    public void Scores_alone_merely_suggest_it(double pesq, double snr, FindingOutcome outcome)
    {
        var run = Records.Healthy();
        var noisy = run.Evaluations.Where(e => e is { Split: "valid", Epoch: 0 }).ToList();
        var last = noisy.Select(e =>
            e with
            {
                Epoch = 6,
                Metrics = new Dictionary<string, double>
                {
                    ["pesq_wb"] = e.Metrics["noisy_pesq_wb"] + pesq,
                    ["ssnr"] = e.Metrics["noisy_ssnr"] + snr,
                },
            }
        );
        new ScaleFault().Examine(run with { Oracles = [], Evaluations = [.. noisy, .. last] }).Outcome.Should().Be(outcome);
        new ScaleFault()
            .Examine(run with { Evaluations = [.. noisy, .. last] })
            .Outcome.Should()
            .Be(FindingOutcome.Rejected, "the identity holds, whatever scores look like");
    }
}
