using SpeechGan.Cli;
using SpeechGan.Cli.Verbs;
using SpeechGan.Cli.Views;
using SpeechGan.Diagnostics;
using SpeechGan.Tests.Unit.Diagnostics;

namespace SpeechGan.Tests.Unit.Cli;

public sealed class VerdictViewTests
{
    [Test]
    public void The_page_says_first_what_is_wrong_then_what_was_refuted_then_the_way()
    {
        var run = (Records.Healthy() with { Config = new RunConfig().With(["loss.timeReference=raw"]) }).WithOracle(
            "estimate-is-clean/time",
            0.5
        );
        string[] lines = Page(
            Verdict.Of(run with { Audit = null, Problems = ["'steps.jsonl', line 7: this is not a valid StepTelemetry."] })
        );

        lines[..6]
            .Should()
            .Equal(
                "Run run-1 (completed)",
                "Confirmed, grave: scale-fault.",
                "confirmed (grave): scale-fault, since epoch 1",
                "  A perfect estimate has a time loss of 0.5, and a sound trainer gives it none (within 1E-05): the two signals are of "
                    + "different scale, and the generator is taught a level that is wrong.",
                "  observed 0.5, threshold 1E-05 (time loss where the estimate is the clean signal itself); above 1E-05 confirms; "
                    + "source: an identity: it is 0 but for rounding, 1.0e-7 on 384 cuts of the bundled corpus against the 1e-5 "
                    + "allowed; the "
                    + "published fault gives 0.1 and more",
                "  next: Normalise the clean signal with the noisy one's factor before the time term, as the estimate is (--set "
                    + "loss.timeReference=normalized), and train again."
            );
        lines
            .Should()
            .ContainSingle(l =>
                l.StartsWith("Rejected by measurement: label-leak (0 against 0), ") || l.StartsWith("Rejected by measurement: ")
            );
        lines
            .Should()
            .Contain(
                "  data-faults: the corpus was not audited (speechgan audit --data DIR; diagnose does it where the folder is still there)."
            );
        lines
            .Should()
            .Contain(
                "  3. Do the identities of a sound trainer hold? NO: scale-fault is confirmed. Repair this before what follows is believed."
            );
        lines[^1].Should().Be("Problem: 'steps.jsonl', line 7: this is not a valid StepTelemetry.");
        lines.Length.Should().BeLessThan(30, "it is read in a minute");
    }

    [Test]
    public void A_baseline_is_told_with_findings_and_knobs()
    {
        var good = Records.Healthy();
        var bad = good.WithOracle("estimate-is-clean/time", 0.5) with { Config = good.Config!.With(["loss.timeReference=raw"]) };
        var verdict = Verdict.Of(bad);
        Page(verdict with { Baseline = BaselineComparison.Of(bad, verdict, good, Verdict.Of(good)) })
            .Should()
            .ContainInOrder(
                "Against run-1:",
                "  Validation PESQ after epoch 6 is +0.000 against the baseline's after epoch 6, over 8 utterances in pairs, 95 % "
                    + "interval +0.000 to +0.000: no difference that can be told.",
                "  scale-fault: confirmed here, rejected there",
                "  loss.timeReference: raw here, normalized there"
            );
    }

    [TestCase(null, 0.5, 0)]
    [TestCase("confirmed", 0.5, 1)]
    [TestCase("suspected", 0.5, 1)]
    [TestCase("suspected", 0, 0)]
    public void The_exit_code_follows_what_was_asked_for(string? failOn, double loss, int code) =>
        DiagnoseVerb.Code(Verdict.Of(Records.Healthy().WithOracle("estimate-is-clean/time", loss)), failOn).Should().Be(code);

    [Test]
    public void A_suspicion_alone_fails_only_where_it_is_asked_for()
    {
        var verdict = Verdict.Of(Records.Healthy().WithSteps(s => s with { GradientNorm = s.GradientNorm! with { Gan = null } }));
        DiagnoseVerb.Code(verdict, "suspected").Should().Be(1);
        DiagnoseVerb.Code(verdict, "confirmed").Should().Be(0);
    }

    private static string[] Page(Verdict verdict)
    {
        using var text = new StringWriter();
        VerdictView.Print(Terminal.For(text, redirected: true), verdict);
        return text.ToString().TrimEnd().Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
    }
}
