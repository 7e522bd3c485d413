using System.IO.MemoryMappedFiles;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Tests.Unit.Runs;
using SpeechGan.Training;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

public sealed class MeasuredProgressTests
{
    [Test]
    public void Every_step_is_measured_beside_the_loop_and_whoever_watches_is_told_all_the_same()
    {
        var watcher = new Watcher();
        var measured = new MeasuredProgress(watcher);
        measured.Note("a note");
        measured.EpochStarted(1, 1, 2, 0);
        measured.StepTaken(RunSamples.Stepped(1, 1));
        measured.StepTaken(RunSamples.Stepped(1, 2));
        measured.EpochCompleted(RunSamples.Epoch(1, RunSamples.Stepped(1, 1)), null, isBest: false);

        watcher.Told.Should().Equal("a note", "epoch 1 starts", "step 1", "step 2", "epoch 1 ends");
        var performance = measured.Measured();
        performance.Steps.Select(s => (s.Step, s.Seconds)).Should().Equal((1, 0.25), (2, 0.25));
        performance.Steps.Should().OnlyContain(s => s.LoopSeconds > 0 && s.CpuSeconds >= 0);
        ((performance.PeakMemory is null) == performance.Unavailable.ContainsKey("peakMemory")).Should().BeTrue();
    }

    [Test]
    [Platform("Linux")]
    public void Memory_that_was_held_for_a_while_is_in_the_peak_and_what_was_held_before_is_not()
    {
        const int megabytes = 192;
        // Held and let go before the begin: the process's own peak knows of it.
        Hold(megabytes);
        var measured = new MeasuredProgress(SilentProgress.Instance);
        measured.EpochStarted(1, 1, 1, 0);
        var small = measured.Measured().PeakMemory;
        if (small is null)
            Assert.Ignore($"not measured here: {measured.Measured().Unavailable["peakMemory"]}");
        Hold(megabytes);
        var large = measured.Measured().PeakMemory;
        (large - small).Should().BeGreaterThan(megabytes * 900_000, "{0} MB were touched after the begin", megabytes);
    }

    [Test]
    public void What_was_measured_reads_back_from_the_run_folder_and_what_is_damaged_is_told_and_left_out()
    {
        using var folder = new TemporaryFolder();
        var written = new RunPerformance
        {
            Steps =
            [
                new StepCost
                {
                    Step = 4,
                    Seconds = 0.5,
                    CpuSeconds = 0.75,
                    LoopSeconds = 0.0625,
                },
            ],
            PeakMemory = 12,
        };
        Directory.CreateDirectory(folder["run"]);
        written.Save(folder["run"]);
        var problems = new List<string>();
        var path = Path.Combine(folder["run"], RunPerformance.FileName);
        RunPerformance.Read(DiskStorage.Instance, path, problems).Should().BeEquivalentTo(written);
        problems.Should().BeEmpty();

        File.WriteAllText(path, "{\"steps\": [null]}");
        RunPerformance.Read(DiskStorage.Instance, path, problems).Should().BeNull();
        problems.Should().ContainSingle().Which.Should().StartWith($"'{path}' does not hold what a training cost and was left out (");
        RunPerformance.Read(DiskStorage.Instance, folder["nothing"], problems).Should().BeNull();
    }

    // Mapped, touched and given back: what a heap would do with it is no matter here.
    private static void Hold(int megabytes)
    {
        const int page = 4096;
        using var memory = MemoryMappedFile.CreateNew(null, megabytes * 1_000_000L);
        using var view = memory.CreateViewAccessor();
        for (var at = 0L; at < megabytes * 1_000_000L; at += page)
            view.Write(at, (byte)1);
    }

    private sealed class Watcher : ITrainingProgress
    {
        public List<string> Told { get; } = [];

        public void Note(string sentence) => Told.Add(sentence);

        public void EpochStarted(int epoch, int epochs, int steps, int firstStep) => Told.Add($"epoch {epoch} starts");

        public void StepTaken(StepTelemetry step) => Told.Add($"step {step.Step}");

        public void UtteranceEvaluated(UtteranceEvaluation evaluation, int count) => Told.Add("utterance");

        public void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest) => Told.Add($"epoch {epoch.Epoch} ends");
    }
}
