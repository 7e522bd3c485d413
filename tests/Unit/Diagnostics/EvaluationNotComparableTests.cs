using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class EvaluationNotComparableTests
{
    [Test]
    public void One_cut_that_moved_confirms_and_is_named_with_its_epoch()
    {
        var run = Records.Healthy();
        run = run with { Config = run.Config!.With(["evaluation.cut=random"]) };
        var finding = new EvaluationNotComparable().Examine(
            run with
            {
                Evaluations =
                [
                    .. run.Evaluations.Select(e => e is { Epoch: 3, Name: "valid2" } ? e with { CutStart = e.CutStart + 1 } : e),
                ],
            }
        );

        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.Observed, finding.Threshold, finding.SinceEpoch).Should().Be((1.0 / 8, 0, 3));
        finding.Concerns.Should().Equal("valid2");
        finding
            .Sentence.Should()
            .Be(
                "Up to 12.5 % of the validation utterances were scored on another cut or file than in the evaluation before, from "
                    + "epoch 3 on: valid2. The epochs' means cannot be compared, and the best epoch was chosen by chance."
            );
        finding.NextAction.Should().StartWith("Validate on cuts that depend on the file alone (--set evaluation.cut=center)");
    }

    [Test]
    public void A_line_that_cannot_be_read_is_no_other_file_and_no_counted_failure()
    {
        var run = Records.Healthy();
        var damaged = run with
        {
            Evaluations = [.. run.Evaluations.Where(e => e is not { Epoch: 3, Name: "valid2" })],
            UnreadEvaluations = 1,
        };
        new EvaluationNotComparable().Examine(damaged).Outcome.Should().Be(FindingOutcome.Inconclusive);
        new FailedScoresCounted().Examine(damaged).Outcome.Should().Be(FindingOutcome.Inconclusive);
        Verdict.Of(damaged).HasConfirmed.Should().BeFalse();
    }

    [Test]
    public void Other_files_confirm_and_so_does_a_length()
    {
        var run = Records.Healthy();
        new EvaluationNotComparable()
            .Examine(run with { Evaluations = [.. run.Evaluations.Where(e => e is not { Epoch: 6, Name: "valid0" })] })
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.SinceEpoch == 6);
        new EvaluationNotComparable()
            .Examine(run with { Evaluations = [.. run.Evaluations.Select(e => e.Epoch == 1 ? e with { CutLength = 7 } : e)] })
            .SinceEpoch.Should()
            .Be(1, "the noisy sides of epoch 0 were scored on other cuts");
    }

    [Test]
    public void One_evaluation_cannot_be_compared()
    {
        var run = Records.Healthy();
        new EvaluationNotComparable()
            .Examine(run with { Evaluations = [.. run.Evaluations.Where(e => e.Epoch == 0)] })
            .Sentence.Should()
            .Be("Not measured: 1 evaluations of valid are recorded, and two are needed to compare.");
    }
}
