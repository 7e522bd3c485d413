using System.Text;
using System.Text.Json;
using SpeechGan.Cli.Verbs;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>Runs as they are found on a disk: over, going on, gone, half-written, damaged; and a training that is stopped by what it
/// finds.</summary>
internal sealed class DiagnoseVerbTests
{
    private Workplace place = null!;
    private string whole = "";

    [OneTimeSetUp]
    public void SetUp()
    {
        place = new Workplace(train: 8, test: 1);
        whole = place.NewRun();
        Train(whole, SmallRun.Config()).Complete.Should().BeTrue();
    }

    [OneTimeTearDown]
    public void TearDown() => place.Dispose();

    [Test]
    public void A_run_that_is_over_is_judged_and_its_corpus_audited_once()
    {
        // What the training said at its end is what the theories say of its files.
        JsonSerializer
            .Deserialize<Verdict>(File.ReadAllText(Path.Combine(whole, "verdict.json")), RunJson.Document)!
            .Findings.Should()
            .BeEquivalentTo(Verdict.Of(RunRecord.Load(whole)).Findings, o => o.WithStrictOrdering());
        var verdict = DiagnoseRun.Of(whole, null, audit: true, CancellationToken.None);
        verdict.Problems.Should().BeEmpty();
        verdict.Status.Should().Be(RunStatus.Completed);
        verdict.Findings.Where(f => f is { Outcome: FindingOutcome.Confirmed, Severity: Severity.Grave }).Should().BeEmpty();
        foreach (
            var id in new[]
            {
                "data-faults",
                "label-leak",
                "scale-fault",
                "batch-dependence",
                "batches-lost",
                "evaluated-in-training-mode",
                "evaluation-not-comparable",
                "discriminator-starved",
                "discriminator-targets",
                "skipped-steps-counted",
                "failed-scores-counted",
                "state-lost-at-resume",
            }
        )
            verdict.Findings.Single(f => f.Id == id).Outcome.Should().Be(FindingOutcome.Rejected, id);
        File.ReadAllText(Path.Combine(whole, "verdict.json")).Should().Be(verdict.ToJson());

        var made = File.GetLastWriteTimeUtc(Path.Combine(whole, "audit.json"));
        DiagnoseRun.Of(whole, whole, audit: true, CancellationToken.None).Baseline!.Findings.Should().BeEmpty();
        File.GetLastWriteTimeUtc(Path.Combine(whole, "audit.json")).Should().Be(made);
    }

    [Test]
    public void A_run_that_goes_on_and_one_whose_process_is_gone_are_told_apart()
    {
        var copy = Copied();
        File.WriteAllText(
            Path.Combine(copy, "run.json"),
            File.ReadAllText(Path.Combine(copy, "run.json")).Replace("\"completed\"", "\"running\"", StringComparison.Ordinal)
        );
        DiagnoseRun.Of(copy, null, audit: false, CancellationToken.None).Status.Should().Be(RunStatus.Interrupted);
        using (RunFolder.Resume(copy, SmallRun.Surroundings(SmallRun.Config())))
            DiagnoseRun.Of(copy, null, audit: false, CancellationToken.None).Status.Should().Be(RunStatus.Running);
    }

    [Test]
    public void A_torn_and_a_damaged_line_hide_nothing_else()
    {
        var copy = Copied();
        var steps = Path.Combine(copy, "steps.jsonl");
        File.AppendAllText(steps, "{\"epoch\":3,\"step\":5,\"lo");
        DiagnoseRun
            .Of(copy, null, audit: false, CancellationToken.None)
            .Problems.Should()
            .BeEmpty("a line that is being written is no problem");

        var lines = File.ReadAllLines(steps);
        lines[1] = "{\"epoch\":1,\"step\":2,";
        File.WriteAllText(steps, string.Join('\n', lines[..4]) + "\n", new UTF8Encoding(false));
        File.WriteAllText(Path.Combine(copy, "audit.json"), "{");
        File.Delete(Path.Combine(copy, "config.json"));
        var verdict = DiagnoseRun.Of(copy, null, audit: false, CancellationToken.None);
        verdict
            .Problems.Should()
            .HaveCount(3)
            .And.ContainMatch("*steps.jsonl', line 2: this is not a valid StepTelemetry*")
            .And.ContainMatch("*audit.json' is not the audit*")
            .And.ContainMatch("*has no config.json*");
        verdict.Findings.Single(f => f.Id == "scale-fault").Outcome.Should().Be(FindingOutcome.Rejected);
    }

    [Test]
    public void A_folder_with_nothing_but_its_identity_gives_no_judgement_and_no_exception()
    {
        var copy = Copied();
        foreach (var file in Directory.GetFiles(copy, "*.json*").Where(f => Path.GetFileName(f) != "run.json"))
            File.Delete(file);
        // run.json holds the self-test of kernels: the one theory that its identity can reject.
        DiagnoseRun
            .Of(copy, null, audit: false, CancellationToken.None)
            .Findings.Should()
            .OnlyContain(f => f.Outcome == (f.Id == "kernels-wrong" ? FindingOutcome.Rejected : FindingOutcome.NotMeasured));
    }

    [Test]
    public void A_corpus_that_is_gone_is_told()
    {
        var copy = Copied();
        File.Delete(Path.Combine(copy, "audit.json"));
        File.WriteAllText(
            Path.Combine(copy, "run.json"),
            File.ReadAllText(Path.Combine(copy, "run.json")).Replace(place.Corpus, place.Corpus + "-gone", StringComparison.Ordinal)
        );
        DiagnoseRun
            .Of(copy, null, audit: true, CancellationToken.None)
            .Problems.Should()
            .ContainSingle()
            .Which.Should()
            .Be(
                $"The corpus '{place.Corpus}-gone' no longer exists and was not audited. If it was moved, run "
                    + "`speechgan audit --data DIR`."
            );
    }

    [Test]
    public void A_confirmed_cause_ends_a_run_cleanly_before_its_first_step_and_it_can_be_resumed()
    {
        var run = place.NewRun();
        var config = SmallRun.Config("loss.timeReference=raw");
        var (complete, by) = Train(run, config, stopOnConfirmed: true);
        complete.Should().BeFalse();
        by!.Id.Should().Be("scale-fault");
        var record = RunRecord.Load(run);
        record.Info.Status.Should().Be(RunStatus.Interrupted);
        record.Info.Why.Should().Be("stopped by --stop-on confirmed (scale-fault) after step 0");
        record.Steps.Should().BeEmpty();
        File.ReadAllText(Path.Combine(run, "verdict.json")).Should().Contain("\"id\": \"scale-fault\"");
        SmallRun.Go(run, place.Corpus, config).Should().BeTrue();
    }

    [Test]
    public void A_run_that_was_resumed_tells_that_nothing_was_lost()
    {
        var run = place.NewRun();
        using (var progress = new StopAtStep(3))
            SmallRun.Go(run, place.Corpus, SmallRun.Config(), progress: progress).Should().BeFalse();
        SmallRun.Go(run, place.Corpus, SmallRun.Config()).Should().BeTrue();
        var finding = DiagnoseRun.Of(run, null, audit: false, CancellationToken.None).Findings.Single(f => f.Id == "state-lost-at-resume");
        finding.Outcome.Should().Be(FindingOutcome.Rejected, finding.Sentence);
        finding.Sentence.Should().StartWith("Resumed 1 times");
    }

    private (bool Complete, Finding? By) Train(string run, RunConfig config, bool stopOnConfirmed = false)
    {
        using var folder = RunFolder.Create(run, config, SmallRun.Surroundings(config) with { Data = place.Corpus });
        using var trainer = new Trainer(folder, SmallRun.Open(place.Corpus, config), SilentProgress.Instance)
        {
            StopOnConfirmed = stopOnConfirmed,
        };
        return (trainer.Run(), trainer.StoppedBy);
    }

    private string Copied()
    {
        var copy = place.NewRun();
        Folders.Copy(whole, copy);
        return copy;
    }
}
