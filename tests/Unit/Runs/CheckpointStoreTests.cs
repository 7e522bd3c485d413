using System.Collections.Concurrent;
using System.Text;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class CheckpointStoreTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("speechgan-checkpoints-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Checkpoint_reads_back_to_the_bit_and_is_named_last_and_best()
    {
        var store = new CheckpointStore(folder);
        store.Save(new(3), CheckpointSamples.Parts(3), new(3));

        var last = store.FindLast();
        last.Problems.Should().BeEmpty();
        last.Found!.Name.Should().Be(new CheckpointName(3));
        last.Found.Best.Should().Be(new CheckpointName(3));
        CheckpointSamples.Same(last.Found, 3).Should().BeTrue();
        File.ReadAllText(Path.Combine(folder, "last")).Should().Be("epoch-0003\n");
        File.ReadAllText(Path.Combine(folder, "best")).Should().Be("epoch-0003\n");
        CheckpointSamples.Same(CheckpointStore.Read(Path.Combine(folder, "epoch-0003")), 3).Should().BeTrue();
    }

    [Test]
    public void Two_newest_and_their_bests_are_kept()
    {
        var store = new CheckpointStore(folder, keep: 2);
        CheckpointName? best = null;
        for (var epoch = 1; epoch <= 6; epoch++)
        {
            best = epoch is 1 or 2 or 6 ? new(epoch) : best;
            store.Save(new(epoch), CheckpointSamples.Parts(epoch), best);
        }

        store.Names.Select(n => n.ToString()).Should().Equal("epoch-0002", "epoch-0005", "epoch-0006");
        store.FindBest().Found!.Name.Should().Be(new CheckpointName(6));
        store.Save(new(7), CheckpointSamples.Parts(7), best);
        store.Names.Select(n => n.ToString()).Should().Equal("epoch-0006", "epoch-0007");
        Directory.EnumerateFileSystemEntries(folder).Should().HaveCount(4, "two checkpoints, best and last");
    }

    [Test]
    public void Every_Kth_epoch_and_what_a_probe_names_are_kept_for_good()
    {
        var probed = new HashSet<CheckpointName> { new(4), new(99) };
        var store = new CheckpointStore(folder) { KeepEveryEpochs = 3, AlsoKept = () => probed };
        for (var epoch = 1; epoch <= 8; epoch++)
        {
            store.Save(new(epoch, 10 * epoch), CheckpointSamples.Parts(epoch), new(1));
            store.Save(new(epoch), CheckpointSamples.Parts(epoch), new(1));
        }

        store
            .Names.Select(n => n.ToString())
            .Should()
            .Equal("epoch-0001", "epoch-0003", "epoch-0004", "epoch-0006", "epoch-0008-step-000080", "epoch-0008");
        probed.Clear();
        store.Save(new(9), CheckpointSamples.Parts(9), new(9));
        store.Names.Select(n => n.ToString()).Should().Equal("epoch-0001", "epoch-0003", "epoch-0006", "epoch-0008", "epoch-0009");
    }

    [Test]
    public void A_run_keeps_what_its_probe_journal_replayed_from()
    {
        var root = Path.Combine(folder, "run");
        using var run = RunFolder.Create(root, new RunConfig(), RunSamples.Start);
        File.WriteAllText(
            Path.Combine(root, "probes.jsonl"),
            "{\"key\":\"k\",\"checkpoint\":\"epoch-0002\"}\nnothing\n{\"key\":\"older\"}\n{\"checkpoint\":\"epoch-0003\"} torn"
        );
        for (var epoch = 1; epoch <= 6; epoch++)
            run.Checkpoints.Save(new(epoch), CheckpointSamples.Parts(epoch), new(1));
        run.Checkpoints.Names.Select(n => n.ToString()).Should().Equal("epoch-0001", "epoch-0002", "epoch-0005", "epoch-0006");
    }

    [Test]
    public void Checkpoint_inside_an_epoch_comes_before_its_end()
    {
        string[] inOrder =
        [
            "epoch-0000",
            "epoch-0001-step-000005",
            "epoch-0001-step-000010",
            "epoch-0001",
            "epoch-0002-step-1234567",
            "epoch-10000",
        ];
        inOrder.Reverse().Select(CheckpointName.TryParse).Order().Select(n => n!.ToString()).Should().Equal(inOrder);
        new[] { "epoch-1", "epoch-00001", "epoch-0001-step-5", "epoch-0001 ", ".tmp-epoch-0001", "epoch-99999999999", "best" }
            .Select(CheckpointName.TryParse)
            .Should()
            .AllSatisfy(n => n.Should().BeNull());

        var store = new CheckpointStore(folder);
        store.Save(new(1, 5), CheckpointSamples.Parts(5), null);
        store.Save(new(1), CheckpointSamples.Parts(1), null);
        store.FindLast().Found!.Name.Should().Be(new CheckpointName(1));
        File.Exists(Path.Combine(folder, "best")).Should().BeFalse("none is judged yet");
    }

    [Test]
    public void Damaged_checkpoint_is_passed_over_with_a_sentence_and_set_aside_on_resuming()
    {
        var store = new CheckpointStore(folder);
        store.Save(new(1), CheckpointSamples.Parts(1), new(1));
        store.Save(new(2), CheckpointSamples.Parts(2), new(2));
        File.AppendAllText(Path.Combine(folder, "epoch-0002", "state.json"), " ");

        var search = store.FindLast();
        search.Found!.Name.Should().Be(new CheckpointName(1));
        var length = CheckpointSamples.Parts(2)["state.json"].Length;
        search
            .Problems.Should()
            .Equal(
                new CheckpointProblem(
                    "epoch-0002",
                    $"Checkpoint '{Path.Combine(folder, "epoch-0002")}' is damaged: state.json has {length + 1} bytes instead of "
                        + $"{length}. 'epoch-0001' is used instead."
                )
            );
        FluentActions
            .Invoking(() => CheckpointStore.Read(Path.Combine(folder, "epoch-0002")))
            .Should()
            .Throw<RunFolderException>()
            .WithMessage(
                $"Checkpoint '{Path.Combine(folder, "epoch-0002")}' cannot be used: state.json has {length + 1} bytes instead of "
                    + $"{length}. Use another checkpoint of the run."
            );

        store.ContinueFrom(search.Found);
        File.ReadAllText(Path.Combine(folder, "last")).Should().Be("epoch-0001\n");
        File.ReadAllText(Path.Combine(folder, "best")).Should().Be("epoch-0001\n");
        Directory.Exists(Path.Combine(folder, "damaged-epoch-0002")).Should().BeTrue();
        store.FindLast().Problems.Should().BeEmpty();
        store.Save(new(2), CheckpointSamples.Parts(20), new(1));
        CheckpointSamples.Same(store.FindLast().Found!, 20).Should().BeTrue();
    }

    [Test]
    public void Best_that_is_damaged_is_replaced_by_the_newest_sound_one()
    {
        var store = new CheckpointStore(folder);
        store.Save(new(1), CheckpointSamples.Parts(1), new(1));
        store.Save(new(2), CheckpointSamples.Parts(2), new(1));
        store.FindBest().Found!.Name.Should().Be(new CheckpointName(1));
        File.Delete(Path.Combine(folder, "epoch-0001", "generator.safetensors"));

        var search = store.FindBest();
        search.Found!.Name.Should().Be(new CheckpointName(2));
        search
            .Problems.Should()
            .ContainSingle()
            .Which.Sentence.Should()
            .Be(
                $"Checkpoint '{Path.Combine(folder, "epoch-0001")}' is damaged: generator.safetensors is missing. 'epoch-0002' is "
                    + $"used instead."
            );
    }

    [Test]
    public void Folder_without_any_sound_checkpoint_finds_none()
    {
        var store = new CheckpointStore(folder);
        store.FindLast().Should().BeEquivalentTo(new CheckpointSearch(null, []));
        store.Save(new(1), CheckpointSamples.Parts(1), null);
        File.WriteAllText(Path.Combine(folder, "epoch-0001", "manifest.json"), "{}");
        store
            .FindLast()
            .Problems.Should()
            .ContainSingle()
            .Which.Sentence.Should()
            .EndWith("is damaged: manifest.json is not as it was written. There is no other one to use.");
        new CheckpointStore(Path.Combine(folder, "none")).FindLast().Found.Should().BeNull();
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("manifest.json")]
    [TestCase("a/b")]
    public void Part_whose_name_is_no_file_s_is_refused_before_anything_is_written(string name)
    {
        var store = new CheckpointStore(folder);
        FluentActions
            .Invoking(() => store.Save(new(1), new Dictionary<string, ReadOnlyMemory<byte>> { [name] = new byte[1] }, null))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage($"'{name}' cannot be the name of a checkpoint's part.*");
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();
    }

    [Test]
    public void Best_that_is_taken_back_is_named_no_longer()
    {
        var store = new CheckpointStore(folder);
        store.Save(new(1), CheckpointSamples.Parts(1), new(1));
        store.Save(new(2), CheckpointSamples.Parts(2), null);
        File.Exists(Path.Combine(folder, "best")).Should().BeFalse();
        store.Save(new(3), CheckpointSamples.Parts(3), null);
        File.Exists(Path.Combine(folder, "best")).Should().BeFalse();
    }

    [Test]
    public void Checkpoint_that_is_missing_or_a_file_is_told_as_such()
    {
        File.WriteAllText(Path.Combine(this.folder, "epoch-0001"), "");
        FluentActions
            .Invoking(() => CheckpointStore.Read(Path.Combine(this.folder, "epoch-0001")))
            .Should()
            .Throw<RunFolderException>()
            .WithMessage("*cannot be used: it is a file instead of a folder. Use another checkpoint of the run.");
        FluentActions
            .Invoking(() => CheckpointStore.Read(Path.Combine(this.folder, "epoch-0002")))
            .Should()
            .Throw<RunFolderException>()
            .WithMessage("*cannot be used: it is missing. Use another checkpoint of the run.");
        new CheckpointName(1).CompareTo(null).Should().BePositive();
        CheckpointStore.Read(Saved(), DiskStorage.Instance).Name.Should().Be(new CheckpointName(3));
        FluentActions
            .Invoking(() =>
                CheckpointStore.Read(Path.Combine(this.folder, "sub", "epoch-0003"), new FaultingStorage(DiskStorage.Instance).FailAt(1))
            )
            .Should()
            .NotThrow("reading changes nothing");

        string Saved()
        {
            var folder = Directory.CreateDirectory(Path.Combine(this.folder, "sub")).FullName;
            new CheckpointStore(folder).Save(new(3), CheckpointSamples.Parts(3), null);
            return Path.Combine(folder, "epoch-0003");
        }
    }

    [Test]
    public void Going_on_from_an_earlier_checkpoint_sets_the_later_ones_aside_whether_sound_or_damaged()
    {
        var store = new CheckpointStore(folder, keep: 3);
        for (var epoch = 1; epoch <= 3; epoch++)
            store.Save(new(epoch), CheckpointSamples.Parts(epoch), null);
        File.WriteAllText(Directory.EnumerateFiles(Path.Combine(folder, "epoch-0003")).First(), "spoiled");
        store.ContinueFrom(CheckpointStore.Read(Path.Combine(folder, "epoch-0001")));
        store.FindLast().Found!.Name.Should().Be(new CheckpointName(1));
    }

    [Test]
    public void Part_that_is_missing_by_name_gets_a_sentence()
    {
        var store = new CheckpointStore(folder);
        store.Save(new(1), CheckpointSamples.Parts(1), null);
        FluentActions
            .Invoking(() => store.FindLast().Found!.Part("sampler.json"))
            .Should()
            .Throw<RunFolderException>()
            .WithMessage("*has no part 'sampler.json'; it has discriminator.safetensors, generator.safetensors, *");
        FluentActions
            .Invoking(() => store.Save(new(2), new Dictionary<string, ReadOnlyMemory<byte>> { ["../x"] = Array.Empty<byte>() }, null))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("'../x' cannot be*");
    }

    [Test]
    public void Thousand_good_loads_raise_no_alarm()
    {
        var store = new CheckpointStore(folder);
        for (var epoch = 1; epoch <= 20; epoch++)
        {
            store.Save(new(epoch), CheckpointSamples.Parts(epoch), new(Math.Max(1, epoch - 1)));
            for (var i = 0; i < 25; i++)
            {
                store.FindLast().Should().Match<CheckpointSearch>(s => s.Problems.Count == 0 && s.Found!.Name.Epoch == epoch);
                store.FindBest().Problems.Should().BeEmpty();
            }
        }
    }
}

/// <summary>Small checkpoints whose bytes follow from a number.</summary>
internal static class CheckpointSamples
{
    private static readonly ConcurrentDictionary<int, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> Made = new();

    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Parts(int number) => Made.GetOrAdd(number, Make);

    private static Dictionary<string, ReadOnlyMemory<byte>> Make(int number)
    {
        var random = new Random(number);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        byte[] Tensors(int count) =>
            Safetensors.Write(new Dictionary<string, TensorEntry> { ["weight"] = TensorEntry.Of(Values(count), count) });
        return new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["generator.safetensors"] = Tensors(400),
            ["discriminator.safetensors"] = Tensors(60),
            ["optimizer-generator.safetensors"] = Tensors(800),
            ["optimizer-discriminator.safetensors"] = Tensors(120),
            ["state.json"] = Encoding.UTF8.GetBytes($$"""{ "epoch": {{number}} }"""),
        };
    }

    public static bool Same(Checkpoint checkpoint, int number)
    {
        var parts = Parts(number);
        return checkpoint.Parts.Count == parts.Count && parts.All(p => checkpoint.Part(p.Key).Span.SequenceEqual(p.Value.Span));
    }
}
