using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Regression.Training;

/// <summary>
/// The process stops dead at a file event of a run, a write torn to 0, 1, 50 or 99 %: resumed, the run ends with the bits of one that was
/// never killed, and at most one checkpoint interval was trained again. All events of a short run are gone through.
/// </summary>
public sealed class KillAtFileEventTests
{
    private const int Interval = 1; // steps between two checkpoints: an epoch has one step
    private static readonly double[] Torn = [0, 0.01, 0.5, 0.99];

    // Three epochs, two checkpoints kept, the first judged last: the third save also removes.
    private readonly RunConfig config = SmallRun.Config(
        "train.epochs=3",
        "train.stepsPerEpoch=1",
        "evaluation.cutSeconds=0.3",
        "evaluation.everyEpochs=3"
    );
    private Workplace place = null!;
    private SnapshotStorage kills = null!;
    private SortedDictionary<string, string> expected = null!;

    [OneTimeSetUp]
    public void Train_once_and_keep_what_a_kill_at_each_event_leaves()
    {
        place = new Workplace();
        var whole = place.NewRun();
        var (count, lastSave) = (0, false);
        kills = new SnapshotStorage(
            DiskStorage.Instance,
            whole,
            Directory.CreateDirectory(Path.Combine(place.Root, "kills")).FullName,
            what =>
            {
                // All shares in the save of the last checkpoint; elsewhere one of them, in turn.
                lastSave |= what.Contains(".tmp-epoch-0003", StringComparison.Ordinal);
                return lastSave ? Torn : [Torn[count++ % Torn.Length]];
            }
        );
        SmallRun.Go(whole, place.Corpus, config, kills).Should().BeTrue();
        expected = EndState.Of(whole);
        expected["best"].Should().NotBe("none");
    }

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [Test]
    public void A_run_killed_at_any_file_event_is_resumed_to_the_same_bits()
    {
        foreach (var (what, folder) in kills.Taken)
            ResumesToTheSameBits(folder, "killed at " + what);
        TestContext.Out.WriteLine($"{kills.Log.Count} file events, {kills.Taken.Count} kills");
        kills.Log.Should().Contain(e => e.StartsWith("delete", StringComparison.Ordinal), "old checkpoints are removed in this run");
    }

    [Test]
    public void A_resume_killed_at_any_of_its_own_file_events_is_resumed_to_the_same_bits()
    {
        // The first kill tears the manifest of the second checkpoint: the resume has leftovers to remove and records to cut back.
        var first =
            1
            + kills.Log.FindIndex(e =>
                e.Contains(".tmp-epoch-0002", StringComparison.Ordinal) && e.EndsWith("manifest.json", StringComparison.Ordinal)
            );
        var dead = place.NewRun();
        Dies(dead, first, 0.5);
        var storage = new FaultingStorage(DiskStorage.Instance);
        using (var progress = new StopAtStep(Interval + 1))
            SmallRun.Go(Copy(dead), place.Corpus, config, storage, progress);
        var until = 1 + storage.Log.FindIndex(e => e.StartsWith("append", StringComparison.Ordinal));
        until.Should().BeGreaterThan(10, "resuming sets the record right before the first step");
        for (var number = 1; number <= until; number++)
        {
            if (storage.Log[number - 1].StartsWith("sync", StringComparison.Ordinal))
                continue; // leaves what a kill at the event after it leaves
            var run = Copy(dead);
            Dies(run, number, Torn[number % Torn.Length]);
            ResumesToTheSameBits(run, $"killed at event {first}, and while resuming at event {number} ({storage.Log[number - 1]})");
        }
        TestContext.Out.WriteLine($"{until} file events from the start to the first step");
    }

    [Test]
    public void A_disk_that_is_full_from_any_event_on_is_told_in_a_sentence_and_costs_nothing_but_time()
    {
        // Every seventh event: no multiple of a save's number of events, so that each save is hit in other phases.
        for (var number = 1; number <= kills.Log.Count; number += 7)
        {
            var run = place.NewRun();
            var torn = Torn[number / 7 % Torn.Length];
            var because = $"the disk was full from event {number} on ({kills.Log[number - 1]}), {100 * torn} % written";
            var full = new FaultingStorage(DiskStorage.Instance).DiskFullFrom(number, torn);
            var failure = FluentActions
                .Invoking(() => SmallRun.Go(run, place.Corpus, config, full))
                .Should()
                .Throw<RunFolderException>(because)
                .Which;
            failure.ExitCode.Should().Be(RunFolderException.Environment);
            failure
                .Message.Should()
                .MatchRegex(
                    "^Cannot .* '.*': the disk is full\\. Free some space, then continue the run with --resume: the last checkpoint is "
                        + "intact\\.$",
                    because
                );
            ResumesToTheSameBits(run, because);
        }
    }

    private void Dies(string run, int number, double torn) =>
        FluentActions
            .Invoking(() => SmallRun.Go(run, place.Corpus, config, new FaultingStorage(DiskStorage.Instance).StopDeadAt(number, torn)))
            .Should()
            .Throw<StoppedDeadException>();

    private string Copy(string run)
    {
        var copy = place.NewRun();
        Folders.Copy(run, copy);
        return copy;
    }

    private void ResumesToTheSameBits(string run, string because)
    {
        var recorded = RunFolder.HoldsRun(run) ? RunRecord.Load(run).Steps.Count : 0;
        using var progress = new StopAtStep(null);
        SmallRun.Go(run, place.Corpus, config, progress: progress).Should().BeTrue(because);
        EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty(because);
        (recorded - LostWork.StepsDone(progress.Notes)).Should().BeLessThanOrEqualTo(Interval, because);
        Directory.GetFileSystemEntries(run, ".tmp-*", SearchOption.AllDirectories).Should().BeEmpty(because);
        Directory.Delete(run, recursive: true);
    }
}
