using SpeechGan.Cli;
using SpeechGan.Cli.Verbs;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Diagnostics;

/// <summary>Probes on real trainings: what the record leaves open is settled by replaying.</summary>
public sealed class ProbeTests
{
    private Workplace place = null!;
    private string starved = null!;

    [OneTimeSetUp]
    public void Train_a_run_that_starves()
    {
        place = new Workplace(train: 16, valid: 2, test: 1);
        starved = place.NewRun();
        SmallRun.Whole(
            starved,
            place.Corpus,
            SmallRun.Config(
                "data.batchSize=4",
                "train.stepsPerEpoch=4",
                "metric.onFailure=drop-batch",
                "data.mixIn=silent",
                "data.mixInShare=0.25",
                "evaluation.cut=random",
                "checkpoint.keep=3"
            )
        );
    }

    [OneTimeTearDown]
    public void Remove() => place?.Dispose();

    [Test]
    public void Masking_closes_the_gap_in_the_training_rate_and_a_second_probe_trains_nothing()
    {
        var output = new StringWriter();
        var verdict = Probe(output);
        TestContext.Out.WriteLine(string.Join("\n", verdict.Findings.Select(f => $"{f.Id}: {f.Outcome}: {f.Sentence}")));
        var mask = verdict.Findings.Single(f => f.Id == "probe/mask-samples");
        mask.Sentence.Should().Contain("training rate +").And.Contain("of a gap of ");
        var rate = Effects(verdict, "mask-samples").Single(e => e.Measure == "training rate");
        (rate.IsGap, rate.Closed).Should().Be((true, 1), "every batch has a sample that can be scored");
        Effects(verdict, "tenth-learning-rate")
            .Single(e => e.Measure == "training rate")
            .Change.Should()
            .Be(0, "the same batches are dropped at any learning rate");
        verdict.Findings.Single(f => f.Id == "probe/failure-policies").Outcome.Should().Be(FindingOutcome.Confirmed);
        verdict
            .Findings.Single(f => f.Id == "probe/evaluation-repeats")
            .Outcome.Should()
            .Be(FindingOutcome.Confirmed, "this run evaluates random cuts");

        var journal = File.ReadAllBytes(Path.Combine(starved, ProbeJournal.FileName));
        var again = Probe(new StringWriter());
        again.Findings.Select(f => f.Sentence).Should().Equal(verdict.Findings.Select(f => f.Sentence));
        File.ReadAllBytes(Path.Combine(starved, ProbeJournal.FileName)).Should().Equal(journal, "nothing was trained again");
    }

    [Test]
    public void An_unchanged_replay_of_the_runs_own_seed_is_the_run_itself()
    {
        Probe(new StringWriter());
        var record = RunRecord.Load(starved);
        var journal = new ProbeJournal(starved);
        journal.Problems.Should().BeEmpty();
        var replays = File.ReadAllLines(Path.Combine(starved, ProbeJournal.FileName))
            .Select(l => System.Text.Json.JsonSerializer.Deserialize<Replay>(l, RunJson.Line)!)
            .ToList();
        var own = replays.Single(r => r is { Ingredient: "unchanged", Seed: 1 });
        var window = record.Steps.Where(s => s.Epoch == 2).ToList();
        own.TrainingRate.Should().Be((double)window.Count(s => s.DiscriminatorStepped == true) / window.Count);
        own.Loss.Should()
            .Be(
                (0.1 * record.Epochs[1].Loss.Ri) + (0.9 * record.Epochs[1].Loss.Magnitude),
                "weights, optimisers, order and dropout are the checkpoint's: the same bits"
            );
    }

    [Test]
    public void What_was_probed_stays_in_the_verdict_when_the_run_is_diagnosed_again()
    {
        var probed = DiagnoseRun.Of(starved, null, audit: false, default, _ => Probe(new StringWriter()));
        probed.Probe!.Findings.Should().Contain(f => f.Id == "probe/mask-samples" && f.Outcome == FindingOutcome.Confirmed);
        DiagnoseRun.Of(starved, null, audit: false, default).Probe.Should().BeEquivalentTo(probed.Probe);
        File.WriteAllText(Path.Combine(starved, "verdict.json"), "{ torn");
        DiagnoseRun
            .Of(starved, null, audit: false, default)
            .Probe.Should()
            .BeNull("a verdict is made anew, and the replays lie in their journal");
    }

    [TestCase(null, "epoch-0009", "has no checkpoint 'epoch-0009' of a whole epoch; it has epoch-0001, epoch-0002.")]
    [TestCase("/nowhere", null, "'/nowhere', the corpus of the run in")]
    public void What_cannot_be_replayed_is_said_in_a_sentence(string? data, string? from, string sentence) =>
        FluentActions
            .Invoking(() =>
                ProbeRun.Of(
                    RunRecord.Load(starved),
                    data ?? place.Corpus,
                    from,
                    1,
                    1,
                    Terminal.For(new StringWriter(), redirected: true),
                    default
                )
            )
            .Should()
            .Throw<UsageException>()
            .WithMessage($"*{sentence}*");

    private ProbeVerdict Probe(StringWriter output) =>
        ProbeRun.Of(RunRecord.Load(starved), place.Corpus, "epoch-0001", 1, 2, Terminal.For(output, redirected: true), default);

    private IReadOnlyList<Effect> Effects(ProbeVerdict verdict, string ingredient)
    {
        verdict.Window.Should().Be("epoch 2 from checkpoint epoch-0001, 2 seeds");
        var replays = File.ReadAllLines(Path.Combine(starved, ProbeJournal.FileName))
            .Select(l => System.Text.Json.JsonSerializer.Deserialize<Replay>(l, RunJson.Line)!)
            .ToList();
        return Effect.Of(
            replays.Single(r => r.Ingredient == Replay.Before),
            [.. replays.Where(r => r.Ingredient == "unchanged")],
            [.. replays.Where(r => r.Ingredient == ingredient)]
        );
    }
}
