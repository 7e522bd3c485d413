using SpeechGan.Diagnostics;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class RunWatchTests
{
    [Test]
    public void A_cause_is_new_once_and_the_verdict_is_that_of_the_whole_record()
    {
        var run = Records.Healthy().WithOracle("estimate-is-clean/time", 0.5);
        var watch = new RunWatch(Records.Empty(run.Config));
        watch.Judge(run.Info).New.Should().BeEmpty();

        watch.Add(run.Oracles);
        watch.Add([.. run.Evaluations.Where(e => e.Epoch == 0)]);
        watch.Judge(run.Info).New.Select(f => f.Id).Should().Equal("scale-fault");

        foreach (var epoch in run.Epochs)
        {
            watch.Add([.. run.Evaluations.Where(e => e.Epoch == epoch.Epoch)]);
            watch.Add(epoch, [.. run.Steps.Where(s => s.Epoch == epoch.Epoch)]);
            watch.Judge(run.Info).New.Should().BeEmpty("it was told before the first step");
        }

        watch.Judge(run.Info).Verdict.Findings.Should().BeEquivalentTo(Verdict.Of(run with { Audit = null }).Findings);
    }

    [Test]
    public void A_resumed_epochs_steps_are_not_taken_twice()
    {
        var run = Records.Healthy();
        var watch = new RunWatch(run with { Epochs = [.. run.Epochs.Take(5)], Steps = [.. run.Steps.Take(160)] });
        watch.Add(run.Epochs[5], [.. run.Steps.Skip(150)]);
        watch
            .Judge(run.Info)
            .Verdict.Findings.Single(f => f.Id == "batches-lost")
            .Sentence.Should()
            .Be("All 180 planned batches were trained on.");
    }

    [Test]
    public void A_long_run_is_held_in_whole_epochs()
    {
        var run = Records.Healthy();
        var epoch = run.Steps.Take(30).ToList();
        var steps = Enumerable
            .Range(0, 800)
            .SelectMany(e => epoch.Select(s => s with { Epoch = e + 1, Step = (e * 30) + s.Step }))
            .ToList();
        var watch = new RunWatch(run with { Steps = steps, Epochs = [] });
        var finding = watch.Judge(run.Info).Verdict.Findings.Single(f => f.Id == "batches-lost");
        finding.Outcome.Should().Be(FindingOutcome.Rejected);
        finding.Sentence.Should().Be("All 19980 planned batches were trained on.", "666 whole epochs are within 20000 steps");
        watch
            .Judge(run.Info)
            .Verdict.Problems.Should()
            .ContainSingle()
            .Which.Should()
            .Be("The run goes on: this verdict leaves out its first 4020 steps. speechgan diagnose reads all of them.");
    }
}
