using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class BatchesLostTests
{
    [Test]
    public void A_batch_that_is_missing_within_an_epoch_confirms()
    {
        var run = Records.Healthy();
        var finding = new BatchesLost().Examine(
            (run with { Steps = [.. run.Steps.Where(s => s is not { Epoch: 4, Batch: 7 or 8 })] }).WithEpochs(e =>
                e with
                {
                    BatchesSeen = e.Epoch == 4 ? 28 : 30,
                }
            )
        );
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        (finding.Observed, finding.SinceEpoch).Should().Be((2, 4));
        finding.Sentence.Should().StartWith("2 of 180 planned batches are missing: 2 of 30 in epoch 4.");
    }

    [Test]
    public void Fewer_steps_than_planned_in_a_complete_epoch_confirm_and_in_one_that_goes_on_do_not()
    {
        var run = Records.Healthy();
        var short6 = (run with { Steps = [.. run.Steps.Where(s => s.Epoch < 6 || s.Batch < 20)] }).WithEpochs(e =>
            e with
            {
                BatchesSeen = e.Epoch == 6 ? 20 : 30,
            }
        );
        new BatchesLost()
            .Examine(short6)
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.SinceEpoch == 6 && f.Observed == 10);
        new BatchesLost().Examine(short6 with { Epochs = [.. run.Epochs.Take(5)] }).Outcome.Should().Be(FindingOutcome.Rejected);
    }

    [Test]
    public void A_file_of_steps_that_was_cut_off_is_no_batch_that_was_left_out()
    {
        var run = Records.Healthy();
        var finding = new BatchesLost().Examine(run with { Steps = [.. run.Steps.Where(s => s.Epoch < 6 || s.Batch < 20)] });
        (finding.Outcome, finding.Observed).Should().Be((FindingOutcome.Inconclusive, 10));
        finding
            .Sentence.Should()
            .Be(
                "10 of 180 steps have no line in steps.jsonl, though their epochs' lines count them: the file was cut off or edited, "
                    + "which is no sign of batches that were left out."
            );
    }

    [Test]
    public void A_step_number_without_a_step_confirms()
    {
        var run = Records.Healthy().WithSteps(s => s with { Step = s.Step + (s.Step > 50 ? 3 : 0) });
        new BatchesLost()
            .Examine(run)
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.SinceEpoch == 2 && f.Observed == 3);
    }

    [Test]
    public void A_line_that_cannot_be_read_is_no_batch_that_was_left_out()
    {
        var run = Records.Healthy();
        var damaged = run with { Steps = [.. run.Steps.Where(s => s is not { Epoch: 4, Batch: 7 })], UnreadSteps = 1 };
        var finding = new BatchesLost().Examine(damaged);
        finding.Outcome.Should().Be(FindingOutcome.Inconclusive);
        finding.Sentence.Should().EndWith("But a line of the record cannot be read, and what is missing may be what stood there.");
        finding.NextAction.Should().Be("Restore the damaged file of the run (named under Problem), and diagnose it again.");
    }

    [Test]
    public void Older_records_have_neither_places_nor_plans() =>
        new BatchesLost()
            .Examine(Records.Healthy().WithSteps(s => s with { Batch = null }).WithEpochs(e => e with { BatchesPlanned = null }))
            .Outcome.Should()
            .Be(FindingOutcome.NotMeasured);
}
