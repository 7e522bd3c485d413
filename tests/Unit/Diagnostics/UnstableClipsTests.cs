using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class UnstableClipsTests
{
    [TestCase(1, FindingOutcome.Rejected, Description = "exactly one in eight is not above it")]
    [TestCase(2, FindingOutcome.Suspected, Description = "exactly a quarter is not above it")]
    [TestCase(3, FindingOutcome.Confirmed)]
    public void A_share_of_the_last_evaluation_decides(int unstable, FindingOutcome outcome)
    {
        var run = Records.Healthy();
        var finding = new UnstableClips().Examine(
            run with
            {
                Evaluations =
                [
                    .. run.Evaluations.Select(e =>
                        e is { Epoch: 6, Split: "valid" } && int.Parse(e.Name[5..]) < unstable
                            ? e with
                            {
                                Metrics = e
                                    .Metrics.Append(new("pesq_wb_moved", 0.2))
                                    .GroupBy(m => m.Key)
                                    .ToDictionary(g => g.Key, g => g.Last().Value),
                            }
                            : e
                    ),
                ],
            }
        );
        finding.Outcome.Should().Be(outcome);
        finding.Observed.Should().Be(unstable / 8.0);
        finding
            .Sentence.Should()
            .StartWith($"{unstable} of 8 validation utterances ({100 * unstable / 8.0:0.#} %) are unstable after epoch 6");
    }
}
