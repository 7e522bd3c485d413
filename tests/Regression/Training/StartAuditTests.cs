using System.Text.Json;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Training;

/// <summary>A run's own verdict knows of its data, before its first step and without anybody's asking.</summary>
public sealed class StartAuditTests
{
    private Workplace place = null!;

    [SetUp]
    public void Make() => place = new Workplace(train: 4, valid: 1, test: 1);

    [TearDown]
    public void Remove() => place.Dispose();

    [Test]
    public void A_data_fault_is_in_the_runs_own_verdict_and_told_before_the_first_step()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(place.Corpus, "train", "noisy")))
        {
            var samples = AudioFile.Read(file).Mono(ChannelPolicy.Refuse);
            WavFile.WritePcm16(file, [.. new float[320], .. samples[..^320]], RunConfig.SampleRate);
        }
        var run = place.NewRun();
        using var progress = new StopAtStep(1);
        SmallRun.Go(run, place.Corpus, SmallRun.Config(), progress: progress).Should().BeFalse("it is stopped after its first step");
        progress
            .Notes[1] // after the disk's
            .Should()
            .StartWith("The audit of the corpus has 4 faults: train/")
            .And.EndWith($"speechgan audit --data {place.Corpus} lists all.");
        Own(run).Findings.Single(f => f.Id == "data-faults").Outcome.Should().Be(FindingOutcome.Confirmed);
    }

    [Test]
    public void An_audit_is_kept_until_a_file_changes()
    {
        var run = place.NewRun();
        using (var first = new StopAtStep(1))
            SmallRun.Go(run, place.Corpus, SmallRun.Config(), progress: first);
        var audit = Path.Combine(run, RunFolder.AuditName);
        var (kept, time) = (File.ReadAllText(audit), File.GetLastWriteTimeUtc(audit));
        Own(run).Findings.Single(f => f.Id == "data-faults").Outcome.Should().Be(FindingOutcome.Rejected);

        using (var second = new StopAtStep(2))
            SmallRun.Go(run, place.Corpus, SmallRun.Config(), progress: second);
        File.GetLastWriteTimeUtc(audit).Should().Be(time, "nothing changed, and nothing was audited");
        File.ReadAllText(audit).Should().Be(kept);

        var changed = Directory.GetFiles(Path.Combine(place.Corpus, "test", "clean"))[0];
        File.SetLastWriteTimeUtc(changed, File.GetLastWriteTimeUtc(changed).AddSeconds(7));
        using var third = new StopAtStep(null);
        SmallRun.Go(run, place.Corpus, SmallRun.Config(), progress: third).Should().BeTrue();
        third.Notes.Should().Contain("The corpus has changed since it was audited.");
        File.ReadAllText(audit).Should().NotBe(kept);
    }

    [Test]
    public void A_wish_to_stop_ends_the_audit_and_the_next_start_makes_it()
    {
        var run = place.NewRun();
        using (var folder = RunFolder.Create(run, SmallRun.Config(), SmallRun.Surroundings(SmallRun.Config())))
        using (var trainer = new SpeechGan.Training.Trainer(folder, SmallRun.Open(place.Corpus, SmallRun.Config()), new StopAtStep(null)))
            trainer.Run(new CancellationToken(canceled: true)).Should().BeFalse();
        File.Exists(Path.Combine(run, RunFolder.AuditName)).Should().BeFalse();
        var verdict = Own(run);
        verdict.Findings.Single(f => f.Id == "data-faults").Outcome.Should().Be(FindingOutcome.NotMeasured);
        verdict.Summary.Should().NotStartWith("No cause was found");

        SmallRun.Go(run, place.Corpus, SmallRun.Config()).Should().BeTrue();
        Own(run).Findings.Single(f => f.Id == "data-faults").Outcome.Should().Be(FindingOutcome.Rejected);
    }

    private static Verdict Own(string run) =>
        JsonSerializer.Deserialize<Verdict>(File.ReadAllText(Path.Combine(run, Verdict.FileName)), RunJson.Document)!;
}
