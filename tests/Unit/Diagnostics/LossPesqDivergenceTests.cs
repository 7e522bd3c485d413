using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class LossPesqDivergenceTests
{
    [Test]
    public void The_missions_three_epochs_are_told_with_their_onset()
    {
        var finding = new LossPesqDivergence().Examine(Means((0.1098, 2.64), (0.1050, 2.21), (0.1092, 2.07)));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.SinceEpoch.Should().Be(2);
        finding.Observed.Should().BeApproximately(0.57, 1e-9);
        finding
            .Sentence.Should()
            .Be(
                "Mean validation PESQ went from 2.64 in epoch 1 to 2.07 in epoch 3 while the loss went from 0.1098 to 0.1092: the loss "
                    + "no longer stands for quality, from epoch 2 on."
            );
        finding.NextAction.Should().StartWith("This is a symptom: look at the causes above it.");
    }

    [TestCase(2.541, FindingOutcome.Rejected)]
    [TestCase(2.5, FindingOutcome.Inconclusive)]
    [TestCase(2.4, FindingOutcome.Suspected)]
    [TestCase(2.3, FindingOutcome.Confirmed)]
    public void The_size_of_the_fall_decides_where_utterances_are_unknown(double last, FindingOutcome outcome) =>
        new LossPesqDivergence().Examine(Means((0.2, 2.64), (0.19, 2.6), (0.18, last))).Outcome.Should().Be(outcome);

    [Test]
    public void A_steady_fall_confirms_where_its_size_merely_suggests() =>
        new LossPesqDivergence()
            .Examine(Means((0.2, 2.64), (0.19, 2.6), (0.18, 2.55), (0.18, 2.5), (0.18, 2.4)))
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.Rule!.Contains("Mann-Kendall"));

    [Test]
    public void Utterances_are_compared_in_pairs_and_the_worst_are_named()
    {
        var finding = new LossPesqDivergence().Examine(Records.Healthy().WithPesq(0, 0, 0, -0.2, -0.4, -0.6));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.SinceEpoch, finding.Rule).Should().Be((4, "p up to 0.01 confirms"));
        finding.Sentence.Should().Contain("(8 utterances in pairs, p = 0.0039 for a fall beyond 0.1)").And.Contain("Hit most: valid");
        finding.Concerns.Should().HaveCount(5);
    }

    [Test]
    public void A_loss_that_rises_with_the_fall_is_no_divergence() =>
        new LossPesqDivergence()
            .Examine(Means((0.1, 2.64), (0.15, 2.21), (0.2, 2.07)))
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Rejected
                && f.Sentence.EndsWith("the loss rises too, so that the two agree that the network gets worse.")
            );

    [Test]
    public void Few_utterances_never_confirm()
    {
        var run = Records.Healthy().WithPesq(0, 0, -0.5, -0.5, -0.5, -0.9);
        run = run with { Evaluations = [.. run.Evaluations.Where(e => e.Split == "valid" && int.Parse(e.Name[5..]) < 6)] };
        new LossPesqDivergence()
            .Examine(run)
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Suspected && f.Rule == "a fall above 0.3 of fewer than 7 utterances is suspected"
            );
    }

    private static RunRecord Means(params (double Loss, double Pesq)[] epochs)
    {
        var run = Records.Healthy();
        return run with
        {
            Steps = [],
            Evaluations = [],
            Epochs =
            [
                .. epochs.Select(
                    (e, i) =>
                        run.Epochs[i] with
                        {
                            Loss = new LossTerms { Total = e.Loss },
                            Validation = new ValidationSummary
                            {
                                Split = "valid",
                                Utterances = 824,
                                Mean = new Dictionary<string, double> { ["pesq_wb"] = e.Pesq },
                            },
                        }
                ),
            ],
        };
    }
}
