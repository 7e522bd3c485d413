using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class RunFolderFaultTests : RunFolderFixture
{
    [Test]
    public void Read_only_place_gets_a_sentence_and_exit_code_3()
    {
        var storage = new RefusingStorage();
        RunSamples
            .Refused(() => RunFolder.Create(Root, new RunConfig(), RunSamples.Start, storage), 3)
            .Should()
            .Be(
                $"Cannot create the run folder '{Root}': the folder or file is read-only for this user. Check its rights, or choose "
                    + $"another place."
            );
    }

    [Test]
    public void Line_that_could_not_be_written_whole_is_taken_back()
    {
        var count = new FaultingStorage(DiskStorage.Instance);
        RunFolder.Create(Path.Combine(Parent, "count"), new RunConfig(), RunSamples.Start, count).Dispose();
        var append = count.Events - 3 + 1; // the last three published the status "interrupted"
        using var run = RunFolder.Create(
            Root,
            new RunConfig(),
            RunSamples.Start,
            new FaultingStorage(DiskStorage.Instance).FailAt(append, 0.5)
        );

        RunSamples
            .Refused(() => run.Append(RunSamples.Stepped(1, 1)), 3)
            .Should()
            .StartWith($"Cannot write '{Path.Combine(Root, "steps.jsonl")}': Input/output error");
        new FileInfo(Path.Combine(Root, "steps.jsonl")).Length.Should().Be(0);
        run.Append(RunSamples.Stepped(1, 1));
        RunRecord.Load(Root).Should().Match<RunRecord>(r => r.Steps.Count == 1 && r.Problems.Count == 0);
    }

    [Test]
    public void Kill_at_any_file_event_of_a_creation_leaves_a_place_that_can_be_used_or_a_run_that_can_be_resumed(
        [Values(0, 0.01, 0.5, 0.99)] double torn
    )
    {
        var counting = new FaultingStorage(DiskStorage.Instance);
        RunFolder.Create(Path.Combine(Parent, "count"), new RunConfig(), RunSamples.Start, counting).Dispose();
        for (var at = 1; at <= counting.Events; at++)
        {
            var root = Path.Combine(Parent, $"run-{at}");
            try
            {
                RunFolder
                    .Create(root, new RunConfig(), RunSamples.Start, new FaultingStorage(DiskStorage.Instance).StopDeadAt(at, torn))
                    .Dispose();
            }
            catch (StoppedDeadException) { }

            using var run = RunFolder.HoldsRun(root)
                ? RunFolder.Resume(root, RunSamples.Start)
                : RunFolder.Create(root, new RunConfig(), RunSamples.Start);
            run.Config.Should().Be(new RunConfig(), "after a kill at event {0}: {1}", at, counting.Log[at - 1]);
        }
    }

    [Test]
    public void Full_disk_at_any_file_event_gets_a_sentence_and_keeps_what_was_written()
    {
        var done = false;
        for (var at = 1; !done; at++)
        {
            var root = Path.Combine(Parent, $"run-{at}");
            var storage = new FaultingStorage(DiskStorage.Instance).DiskFullFrom(at, 0.5);
            var steps = 0;
            try
            {
                using var run = RunFolder.Create(root, new RunConfig(), RunSamples.Start, storage);
                run.Append(RunSamples.Stepped(1, 1));
                steps++;
                run.Append(RunSamples.Stepped(1, 2));
                steps++;
                run.MarkPositions();
                run.Complete();
                done = storage.Events < at;
            }
            catch (RunFolderException e)
            {
                e.ExitCode.Should().Be(3);
                e.Message.Should()
                    .EndWith(": the disk is full. Free some space, then continue the run with --resume: the last checkpoint is intact.")
                    .And.NotContain("\n");
            }

            if (RunFolder.HoldsRun(root))
            {
                RunRecord.Load(root).Steps.Should().HaveCount(steps);
                using var run = RunFolder.Resume(root, RunSamples.Start);
                run.Append(RunSamples.Stepped(1, steps + 1));
                RunRecord.Load(root).Should().Match<RunRecord>(r => r.Steps.Count == steps + 1 && r.Problems.Count == 0);
            }
        }
    }

    // A read-only folder, also for root, whom the system lets write everywhere.
    private sealed class RefusingStorage : IRunStorage
    {
        public bool FileExists(string path) => File.Exists(path);

        public bool FolderExists(string path) => Directory.Exists(path);

        public IReadOnlyList<string> List(string folder) => [];

        public long Length(string path) => 0;

        public byte[] Read(string path) => throw new UnauthorizedAccessException();

        public void CreateFolder(string path) => throw new UnauthorizedAccessException();

        public void Write(string path, ReadOnlyMemory<byte> bytes) => throw new UnauthorizedAccessException();

        public void Append(string path, ReadOnlyMemory<byte> bytes) => throw new UnauthorizedAccessException();

        public void Sync(string path) => throw new UnauthorizedAccessException();

        public void SyncFolder(string path) => throw new UnauthorizedAccessException();

        public void Truncate(string path, long length) => throw new UnauthorizedAccessException();

        public void Rename(string from, string to) => throw new UnauthorizedAccessException();

        public void DeleteFile(string path) => throw new UnauthorizedAccessException();

        public void DeleteFolder(string path) => throw new UnauthorizedAccessException();
    }
}
