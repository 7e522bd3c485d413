using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>R1 to R4 of the reliability figures, at the checkpoint's files.</summary>
public sealed class CheckpointFaultTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("speechgan-faults-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Kill_at_every_file_event_of_a_save_leaves_the_old_or_the_new_state(
        [Values(0, 0.01, 0.5, 0.99)] double torn,
        [Values] bool replacing
    )
    {
        var saved = replacing ? new CheckpointName(3) : new CheckpointName(4);
        var count = new FaultingStorage(DiskStorage.Instance);
        new CheckpointStore(Prepare("count"), 2, count).Save(saved, CheckpointSamples.Parts(40), saved);
        TestContext.Out.WriteLine($"{count.Events} file events");
        int old = 0,
            @new = 0;
        for (var at = 1; at <= count.Events; at++)
        {
            var folder = Prepare($"at-{at}");
            var doomed = new CheckpointStore(folder, 2, new FaultingStorage(DiskStorage.Instance).StopDeadAt(at, torn));
            FluentActions.Invoking(() => doomed.Save(saved, CheckpointSamples.Parts(40), saved)).Should().Throw<StoppedDeadException>();

            // A killed clean-up is part of the promise: it is stopped dead at each of its own events first.
            for (var second = 1; second < 100; second++)
            {
                var again = new FaultingStorage(DiskStorage.Instance).StopDeadAt(second);
                try
                {
                    new CheckpointStore(folder, 2, again).CleanUp();
                    break;
                }
                catch (StoppedDeadException) { }
            }

            var store = new CheckpointStore(folder);
            var because = $"after a kill at event {at}: {count.Log[at - 1]}";
            var search = store.FindLast();
            search.Problems.Should().BeEmpty(because);
            var isNew = search.Found!.Name == saved && CheckpointSamples.Same(search.Found, 40);
            var isOld = search.Found.Name == new CheckpointName(3) && CheckpointSamples.Same(search.Found, 3);
            (isNew || isOld).Should().BeTrue(because);
            (old, @new) = isNew ? (old, @new + 1) : (old + 1, @new);
            store.FindBest().Found!.Name.Should().Be(isNew ? saved : new CheckpointName(1), because);
            File.ReadAllText(Path.Combine(folder, "last")).Should().Be($"{search.Found.Name}\n", because);
            File.ReadAllText(Path.Combine(folder, "best")).Should().Be($"{search.Found.Best}\n", because);
            Directory.EnumerateFileSystemEntries(folder).Should().NotContain(p => Path.GetFileName(p).StartsWith(".tmp-"), because);
            store.Save(new(5), CheckpointSamples.Parts(5), new(5));
            CheckpointSamples.Same(store.FindLast().Found!, 5).Should().BeTrue(because);
        }

        old.Should().BePositive();
        @new.Should().BePositive();
    }

    [Test]
    public void Full_disk_or_io_error_at_every_file_event_of_a_save_is_told_and_loses_nothing([Values] bool full)
    {
        var count = new FaultingStorage(DiskStorage.Instance);
        new CheckpointStore(Prepare("count"), 2, count).Save(new(4), CheckpointSamples.Parts(4), new(4));
        for (var at = 1; at <= count.Events; at++)
        {
            var folder = Prepare($"at-{at}");
            var storage = new FaultingStorage(DiskStorage.Instance);
            var store = new CheckpointStore(folder, 2, full ? storage.DiskFullFrom(at, 0.5) : storage.FailAt(at, 0.5));
            var because = $"at event {at}: {count.Log[at - 1]}";
            try
            {
                store.Save(new(4), CheckpointSamples.Parts(4), new(4));
                full.Should().BeTrue(because);
                count.Log[at - 1].Should().StartWith("delete", "only deleting needs no space");
            }
            catch (RunFolderException e)
            {
                e.ExitCode.Should().Be(3);
                e.Message.Should()
                    .NotContain("\n")
                    .And.EndWith(
                        full
                            ? ": the disk is full. Free some space, then continue the run with --resume: the last checkpoint is intact."
                            : ". Check the disk; what was saved before is intact.",
                        because
                    );
            }

            var search = new CheckpointStore(folder).FindLast();
            search.Problems.Should().BeEmpty(because);
            CheckpointSamples.Same(search.Found!, search.Found!.Name.Epoch).Should().BeTrue(because);
            search.Found.Name.Epoch.Should().BeOneOf([3, 4], because);
        }
    }

    [Test]
    public void Every_damage_is_detected_and_the_previous_checkpoint_used()
    {
        const int seed = 20261124;
        var count = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_INJECTIONS") ?? "200", CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"seed {seed}, {count} injections");
        var random = new Random(seed);
        var store = new CheckpointStore(folder);
        store.Save(new(1), CheckpointSamples.Parts(1), new(1));
        store.Save(new(2), CheckpointSamples.Parts(2), new(2));
        var target = Path.Combine(folder, "epoch-0002");
        var intact = Directory.EnumerateFiles(target).ToDictionary(p => p, File.ReadAllBytes);
        var detected = 0;
        for (var i = 0; i < count; i++)
        {
            var (path, bytes) = intact.ElementAt(i % intact.Count);
            var what = Damage(path, bytes, random, kind: i / intact.Count % 8);

            var search = store.FindLast();
            search
                .Problems.Should()
                .ContainSingle($"injection {i}: {what}")
                .Which.Sentence.Should()
                .StartWith($"Checkpoint '{target}' is damaged: ")
                .And.EndWith("'epoch-0001' is used instead.");
            CheckpointSamples.Same(search.Found!, 1).Should().BeTrue(what);
            detected++;

            if (Directory.Exists(path))
                Directory.Delete(path);

            File.WriteAllBytes(path, bytes);
            store.FindLast().Problems.Should().BeEmpty($"the file is restored after injection {i}: {what}");
        }

        TestContext.Out.WriteLine($"{detected} of {count} detected");
    }

    [Test]
    public void Every_single_bit_of_a_manifest_is_vouched_for()
    {
        var intact = CheckpointManifest.Encode(new(2), new(1), CheckpointSamples.Parts(2));
        CheckpointManifest.Decode(intact).Should().NotBeNull();
        for (var bit = 0; bit < intact.Length * 8; bit++)
        {
            var damaged = intact.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            if (CheckpointManifest.Decode(damaged) is not null)
                Assert.Fail($"bit {bit % 8} of byte {bit / 8} can be flipped unnoticed");
        }

        // A whole other value, well formed: the best checkpoint's name.
        var text = System.Text.Encoding.UTF8.GetString(intact);
        CheckpointManifest.Decode(System.Text.Encoding.UTF8.GetBytes(text.Replace("\"epoch-0001\"", "\"epoch-0007\""))).Should().BeNull();
    }

    private string Damage(string path, byte[] intact, Random random, int kind)
    {
        var bytes = intact.ToArray();
        var at = random.Next(bytes.Length);
        switch (kind)
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(path, bytes);
                return $"bit flip at {at} of {path}";
            case 1:
                File.WriteAllBytes(path, bytes[..at]);
                return $"truncation at {at} of {path}";
            case 2:
                var page = bytes.AsSpan(at, Math.Min(4096, bytes.Length - at));
                page.Clear();
                if (bytes.AsSpan().SequenceEqual(intact))
                    bytes[at] = 1;

                File.WriteAllBytes(path, bytes);
                return $"zero page at {at} of {path}";
            case 3:
                File.Copy(Path.Combine(folder, "epoch-0001", Path.GetFileName(path)), path, overwrite: true);
                return $"{path} of another step";
            case 4:
                File.WriteAllBytes(path, [.. bytes, .. new byte[random.Next(1, 100)]]);
                return $"appended bytes to {path}";
            case 5:
                File.WriteAllBytes(path, []);
                return $"empty {path}";
            case 6:
                File.Delete(path);
                Directory.CreateDirectory(path);
                return $"folder instead of {path}";
            default:
                File.Delete(path);
                return $"missing {path}";
        }
    }

    // Three checkpoints, of which the first is the best and the other two the newest.
    private string Prepare(string name)
    {
        var original = Path.Combine(this.folder, "original");
        if (!Directory.Exists(original))
        {
            Directory.CreateDirectory(original);
            var store = new CheckpointStore(original);
            store.Save(new(1), CheckpointSamples.Parts(1), new(1));
            store.Save(new(2), CheckpointSamples.Parts(2), new(1));
            store.Save(new(3), CheckpointSamples.Parts(3), new(1));
        }

        var folder = Path.Combine(this.folder, name);
        foreach (var path in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(original, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        return folder;
    }
}
