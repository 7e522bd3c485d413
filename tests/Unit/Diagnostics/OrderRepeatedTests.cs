using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class OrderRepeatedTests
{
    [Test]
    public void One_order_for_all_epochs_confirms()
    {
        var run = Records.Healthy();
        run = run with { Config = run.Config!.With(["data.shuffle=once"]) };
        var first = run.Steps.Take(Records.StepsPerEpoch).ToList();
        var finding = new OrderRepeated().Examine(run.WithSteps(s => s with { Samples = first[s.Batch!.Value].Samples }));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.SinceEpoch.Should().Be(2);
        finding
            .Sentence.Should()
            .Be("5 of 5 epochs see the samples in the order of the epoch before (by chance: below 1e-9), first epoch 2.");
        finding.NextAction.Should().Contain("--set data.shuffle=each-epoch");
    }

    [TestCase(4, FindingOutcome.Inconclusive, Description = "4! = 24: such an order comes by chance")]
    [TestCase(7, FindingOutcome.Confirmed, Description = "7! = 5040")]
    public void Few_samples_may_repeat_by_chance(int samples, FindingOutcome outcome)
    {
        var run = Records.Healthy();
        var names = Enumerable.Range(0, samples).Select(i => new SampleScore { Name = $"u{i}" }).ToList();
        new OrderRepeated()
            .Examine(run with { Steps = [.. run.Steps.Where(s => s is { Batch: 0, Epoch: < 3 }).Select(s => s with { Samples = names })] })
            .Outcome.Should()
            .Be(outcome);
    }
}
