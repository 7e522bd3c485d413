using SpeechGan.Diagnostics;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Diagnostics;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>A compressed record is the record.</summary>
public sealed class RecordCompressionTests
{
    private string parent = "";

    private string Root => Path.Combine(parent, "run");

    private string Steps => Path.Combine(Root, "steps.jsonl");

    [SetUp]
    public void Write() => parent = Scratch.Create("speechgan-gz-");

    [TearDown]
    public void Remove() => Directory.Delete(parent, recursive: true);

    [Test]
    public void A_compressed_run_has_the_verdict_and_the_lines_of_the_plain_one()
    {
        Made(Root);
        var plain = RunRecord.Load(Root);
        var (verdict, steps) = (Verdict.Of(plain).ToJson(), JsonLines.Encode(plain.Steps));
        var text = File.ReadAllBytes(Steps);
        RecordCompression.Compress(Root).Select(r => r.Name).Should().Equal("steps.jsonl", "evaluations.jsonl");
        File.Exists(Steps).Should().BeFalse();
        new FileInfo(Steps + ".gz").Length.Should().BeLessThan(text.Length / 2);
        var compressed = RunRecord.Load(Root);
        compressed.Problems.Should().BeEmpty();
        Verdict.Of(compressed).ToJson().Should().Be(verdict);
        JsonLines.Encode(compressed.Steps).Should().Equal(steps);
        RecordCompression.Compress(Root).Should().BeEmpty("there is nothing left");
        RecordCompression.Restore(Root).Should().HaveCount(2);
        File.ReadAllBytes(Steps).Should().Equal(text);
        File.Exists(Steps + ".gz").Should().BeFalse();
    }

    [Test]
    public void A_resumed_run_writes_on_into_its_restored_record()
    {
        Made(Root);
        var text = File.ReadAllBytes(Steps);
        RecordCompression.Compress(Root);
        using (var run = RunFolder.Resume(Root, RunSamples.Start))
        {
            File.ReadAllBytes(Steps).Should().Equal(text);
            File.Exists(Steps + ".gz").Should().BeFalse();
            run.Append(RunSamples.Stepped(7, 181));
        }

        RunRecord.Load(Root).Steps.Should().HaveCount(181);
    }

    [Test]
    public void A_run_in_training_is_refused_in_a_sentence()
    {
        using var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start);
        run.Append(RunSamples.Stepped(1, 1));
        RunSamples
            .Refused(() => RecordCompression.Compress(Root), 2)
            .Should()
            .Be(
                $"The run in '{Root}' is in training: its record grows and cannot be compressed or restored. Wait for its end, or stop it, "
                    + "and run this again."
            );
        RunSamples
            .Refused(() => RecordCompression.Compress(parent), 2)
            .Should()
            .Be($"There is no run in '{parent}': it has no run.json. Give the folder that was --out of a training.");
    }

    [Test]
    public void Kill_at_every_file_event_loses_no_line([Values(0, 0.5)] double torn, [Values] bool restoring)
    {
        void Work(IRunStorage? storage, string root)
        {
            if (restoring)
                RecordCompression.Restore(root, storage);
            else
                RecordCompression.Compress(root, storage);
        }

        var first = Path.Combine(parent, "first");
        Made(first);
        var steps = File.ReadAllBytes(Path.Combine(first, "steps.jsonl"));
        var evaluations = RunRecord.Load(first).Evaluations.Count;
        if (restoring)
            RecordCompression.Compress(first);
        var counted = Copied(first, "count");
        var count = new FaultingStorage(DiskStorage.Instance);
        Work(count, counted);
        TestContext.Out.WriteLine($"{count.Events} file events");
        for (var at = 1; at <= count.Events; at++)
        {
            var root = Copied(first, $"at-{at}");
            var because = $"after a kill at event {at}: {count.Log[at - 1]}";
            FluentActions
                .Invoking(() => Work(new FaultingStorage(DiskStorage.Instance).StopDeadAt(at, torn), root))
                .Should()
                .Throw<StoppedDeadException>();
            var record = RunRecord.Load(root);
            record.Problems.Should().BeEmpty(because);
            JsonLines.Encode(record.Steps).Should().Equal(steps, because);
            record.Evaluations.Should().HaveCount(evaluations, because);
            Work(null, root);
            RecordCompression.Restore(root);
            File.ReadAllBytes(Path.Combine(root, "steps.jsonl")).Should().Equal(steps, because);
        }
    }

    [Test]
    public void A_damaged_file_is_read_up_to_its_damage_and_not_restored()
    {
        Made(Root);
        RecordCompression.Compress(Root);
        var bytes = File.ReadAllBytes(Steps + ".gz");
        bytes.AsSpan(bytes.Length / 2, 64).Fill(0x55);
        File.WriteAllBytes(Steps + ".gz", bytes);
        RunRecord.Load(Root).Problems.Should().Contain(p => p.Contains("steps.jsonl.gz' ") || p.Contains("steps.jsonl.gz',"));
        RunSamples.Refused(() => RecordCompression.Restore(Root), 2).Should().Contain("steps.jsonl.gz' is damaged (");
        File.Exists(Steps + ".gz").Should().BeTrue("what can still be read stays");
    }

    private string Copied(string from, string name)
    {
        var to = Directory.CreateDirectory(Path.Combine(parent, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }

    private static void Made(string root)
    {
        var record = Records.Healthy();
        using var folder = RunFolder.Create(root, new RunConfig(), RunSamples.Start);
        folder.Append(record.Oracles);
        foreach (var step in record.Steps)
            folder.Append(step);
        foreach (var epoch in record.Epochs)
            folder.Append(epoch);
        folder.Append(record.Evaluations);
        folder.Complete();
    }
}
