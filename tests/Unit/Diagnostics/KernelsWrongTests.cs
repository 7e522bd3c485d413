using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class KernelsWrongTests
{
    private static readonly KernelCheckRecord Wrong = Records.KernelCheck("convolution 2x3, dilation 4") with
    {
        Shape = "24 to 8 channels, 6x103",
        Right = false,
        Gradient = null,
        Worst = "gradient of input",
        Fault = "the gradient of input is not finite, or of another shape",
    };

    [Test]
    public void A_check_in_force_beyond_its_limit_confirms_it_and_is_named()
    {
        var finding = Examine(Records.Kernels(Records.KernelCheck("feed forward"), Wrong));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.Observed, finding.Threshold).Should().Be((1, 0));
        finding
            .Sentence.Should()
            .Be(
                "This machine computes 1 of 2 operators wrongly, and the run used them: convolution 2x3, dilation 4 (24 to 8 channels, "
                    + "6x103): the gradient of input is not finite, or of another shape."
            );
        finding
            .NextAction.Should()
            .Be(
                "Believe no figure of this run. Train again where speechgan doctor finds every operator right, without "
                    + "train.onWrongKernels=record."
            );
        finding.Concerns.Should().ContainSingle().Which.Should().StartWith("convolution 2x3, dilation 4 (24 to 8");
    }

    [Test]
    public void One_of_several_starts_is_enough_and_the_same_operator_counts_once()
    {
        var healthy = Records.Kernels(Records.KernelCheck("feed forward"));
        Examine(healthy, Records.Kernels(Wrong), healthy, Records.Kernels(Wrong))
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.Observed == 1);
    }

    [Test]
    public void What_was_switched_off_rejects_it_and_is_told() =>
        Examine(Records.Kernels(Wrong with { InForce = false }, Records.KernelCheck("feed forward")))
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Rejected
                && f.Observed == 0
                && f.Sentence
                    == "All 1 operators in force are within rounding of float64; what was found wrong was left: convolution 2x3, "
                        + "dilation 4 with fused kernels, oneDNN on."
            );

    [Test]
    public void Without_a_record_it_is_not_measured_and_the_command_that_measures_is_named()
    {
        Examine()
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.NotMeasured
                && f.Observed == null
                && f.Sentence == "Not measured: the record holds no self-test of kernels; speechgan doctor makes one on this machine."
            );
        Examine(Records.Kernels() with { Unchecked = "float64 is the measure" })
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.NotMeasured && f.Sentence == "Not measured: no operator was checked: float64 is the measure."
            );
    }

    [Test]
    public void It_is_the_first_thing_that_a_verdict_names()
    {
        var run = Records.Healthy().WithOracle("clean-reversed/signal", 0.1);
        var verdict = Verdict.Of(run with { Info = run.Info with { Kernels = [Records.Kernels(Wrong)] } });
        verdict.Findings[0].Id.Should().Be("kernels-wrong");
        verdict.Path[0].Should().Match<PathStep>(s => s.Answer == "no" && s.Findings[0] == "kernels-wrong");
    }

    private static Finding Examine(params KernelRecord[] starts)
    {
        var run = Records.Healthy();
        return new KernelsWrong().Examine(run with { Info = run.Info with { Kernels = starts } });
    }
}
