using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class TestUsedForChoosingTests
{
    [Test]
    public void The_same_recording_under_another_name_in_the_test_confirms()
    {
        var run = Records.Healthy();
        var finding = new TestUsedForChoosing().Examine(
            run with
            {
                Evaluations =
                [
                    .. run.Evaluations.Select(e =>
                        e is { Split: "test", Name: "test3" }
                            ? e with
                            {
                                Metrics = run.Evaluations.Single(v => v is { Epoch: 0, Name: "valid3" }).Metrics,
                            }
                            : e
                    ),
                ],
            }
        );
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.Observed, finding.Threshold).Should().Be((1, 0));
        finding.Sentence.Should().Be("1 of 8 test utterances are validation utterances too: test3. The best epoch was chosen on the test.");
    }

    [Test]
    public void A_corpus_without_a_test_is_not_judged()
    {
        var run = Records.Healthy();
        new TestUsedForChoosing()
            .Examine(run with { Evaluations = [.. run.Evaluations.Where(e => e.Split != "test")] })
            .Sentence.Should()
            .Be("Not measured: the corpus has no test part, or its noisy sides were not scored.");
    }
}
