using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class FailedScoresCountedTests
{
    [Test]
    public void A_mean_that_holds_a_failure_as_minus_one_confirms()
    {
        // Nine utterances, one of them failed and counted as -1: the recorded scores are the other eight's.
        var run = Records
            .Healthy()
            .WithEpochs(e =>
                e.Epoch == 2
                    ? e with
                    {
                        Validation = e.Validation! with
                        {
                            Mean = e.Validation.Mean.ToDictionary(m => m.Key, m => m.Key == "pesq_wb" ? ((8 * m.Value) - 1) / 9 : m.Value),
                        },
                    }
                    : e
            );
        var finding = new FailedScoresCounted().Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.SinceEpoch.Should().Be(2);
        finding
            .Sentence.Should()
            .Be(
                "The validation mean of pesq_wb in epoch 2 is 1.7111, and its utterances' own mean is 2.05: something else was counted in."
            );
    }

    [TestCase(1e-10, FindingOutcome.Rejected)]
    [TestCase(1e-7, FindingOutcome.Confirmed)]
    public void Rounding_is_no_failure(double distance, FindingOutcome outcome) =>
        new FailedScoresCounted()
            .Examine(
                Records
                    .Healthy()
                    .WithEpochs(e =>
                        e with
                        {
                            Validation = e.Validation! with { Mean = e.Validation.Mean.ToDictionary(m => m.Key, m => m.Value + distance) },
                        }
                    )
            )
            .Outcome.Should()
            .Be(outcome);

    [Test]
    public void An_utterance_with_a_score_that_no_pair_has_confirms_even_where_the_mean_agrees()
    {
        var finding = new FailedScoresCounted().Examine(Records.Healthy().WithPesq(0, 0, -5, 0, 0, 0));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding
            .Sentence.Should()
            .StartWith("8 validation utterances have a PESQ that no pair can have: valid0, valid1, valid2, valid3, valid4 and 3 more.");
    }
}
