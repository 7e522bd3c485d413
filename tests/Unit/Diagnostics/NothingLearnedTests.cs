using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class NothingLearnedTests
{
    private static readonly double[] Low = [-0.6, -0.6, -0.6, -0.6, -0.6, -0.6];

    [Test]
    public void A_loss_that_stays_with_PESQ_below_the_noisy_side_confirms()
    {
        var finding = Examine(Records.Healthy().WithPesq(Low).WithSteps(s => s with { Loss = s.Loss with { Total = 0.2 } }));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding
            .Sentence.Should()
            .Be(
                "The loss went from 0.2000 to 0.2000 (medians of the first and the last quarter of 180 steps), and PESQ of 8 "
                    + "validation utterances lies -0.10 beside the noisy side: nothing was learned."
            );
    }

    [Test]
    public void A_loss_that_stays_above_the_noisy_side_is_a_network_that_was_trained_before() =>
        Examine(Records.Healthy().WithSteps(s => s with { Loss = s.Loss with { Total = 0.2 } }))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);

    [Test]
    public void A_young_run_below_the_noisy_side_is_inconclusive_and_an_old_one_is_suspected()
    {
        var young = Records.Healthy().WithPesq(Low);
        Examine(young).Outcome.Should().Be(FindingOutcome.Inconclusive);
        Examine(young with { Steps = [.. young.Steps.SelectMany(s => Enumerable.Repeat(s, 3))] })
            .Outcome.Should()
            .Be(FindingOutcome.Suspected);
    }

    [Test]
    public void Estimates_that_score_as_their_noisy_signals_do_confirm()
    {
        var run = Records.Healthy();
        var copies = run with
        {
            Evaluations =
            [
                .. run.Evaluations.Select(e =>
                    e.Epoch > 0
                        ? e with
                        {
                            Metrics = run
                                .Evaluations.First(n => n.Epoch == 0 && n.Name == e.Name)
                                .Metrics.ToDictionary(m => m.Key["noisy_".Length..], m => m.Value),
                        }
                        : e
                ),
            ],
        };
        Examine(copies)
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Confirmed && f.Sentence.StartsWith("All 8 estimates of epoch 6 score as their noisy signals do")
            );
    }

    private static Finding Examine(RunRecord run) => new NothingLearned().Examine(run);
}
