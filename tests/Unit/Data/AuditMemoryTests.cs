using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>What an audit measured is kept: a second one reads what has changed, one that was stopped goes on, and the result is that of
/// reading everything.</summary>
public sealed class AuditMemoryTests
{
    private const int Rate = 16_000;
    private TemporaryFolder folder = null!;
    private string corpus = null!,
        kept = null!;

    [SetUp]
    public void Create()
    {
        folder = new TemporaryFolder();
        (corpus, kept) = (Path.Combine(folder.Path, "corpus"), Path.Combine(folder.Path, "kept"));
        for (var i = 1; i <= 5; i++)
            Pair("train", $"tr{i}", i);
        Pair("test", "te1", 11);
        Pair("test", "te2", 12);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_second_audit_reads_no_file_and_finds_the_same()
    {
        Pair("test", "te1", 3); // train/tr3 again, with other noise
        var first = Run(out var taken);
        taken.Should().Be(0);
        first.Findings.Should().NotBeEmpty();
        Run(out taken).Should().BeEquivalentTo(first, o => o.WithStrictOrdering());
        taken.Should().Be(7);
        first.Should().BeEquivalentTo(CorpusAudit.Run(corpus), o => o.WithStrictOrdering(), "what is kept is what is measured");
    }

    [Test]
    public void A_file_whose_size_or_time_has_changed_is_read_again_and_no_other()
    {
        Run(out _);
        Pair("train", "tr2", 2, length: 1.5);
        var report = Run(out var taken);
        taken.Should().Be(6);
        report.Parts[0].Seconds.Should().Be(9.5);
        File.SetLastWriteTimeUtc(PathOf("test", "noisy", "te1"), DateTime.UnixEpoch);
        Run(out taken);
        taken.Should().Be(6);
    }

    [Test]
    public void A_copy_that_comes_later_is_found_though_the_others_were_compared_before()
    {
        Run(out _).Findings.Should().BeEmpty();
        Pair("train", "tr6", 12, scale: 0.5f);
        var report = Run(out var taken);
        taken.Should().Be(7);
        report.Findings.Should().ContainSingle().Which.Sentence.Should().StartWith("test/te2 is train/tr6 cut, scaled or shifted");
        Run(out _).Findings.Should().BeEquivalentTo(report.Findings);
    }

    [Test]
    public void An_audit_that_was_stopped_goes_on_where_it_was()
    {
        using var stop = new CancellationTokenSource();
        using (var memory = AuditMemory.Open(kept, corpus))
            FluentActions
                .Invoking(() => CorpusAudit.Run(corpus, 1, p => Stop(p.Done == 3, stop), memory: memory, stop: stop.Token))
                .Should()
                .Throw<OperationCanceledException>();
        Run(out var taken).Should().BeEquivalentTo(CorpusAudit.Run(corpus), o => o.WithStrictOrdering());
        taken.Should().Be(3);
    }

    [Test]
    public void A_torn_line_and_lines_of_another_version_are_passed_over()
    {
        var whole = Run(out _);
        var path = Directory.GetFiles(kept).Should().ContainSingle().Subject;
        var lines = File.ReadAllLines(path);
        File.WriteAllText(
            path,
            string.Join('\n', lines[..^4])
                + "\n\"nonsense\"\n{}\n"
                + lines[0].Replace("\"Version\":1", "\"Version\":0")
                + "\n"
                + lines[^1][..20]
        );
        Run(out var taken).Should().BeEquivalentTo(whole, o => o.WithStrictOrdering());
        taken.Should().BeInRange(1, 7);
        Run(out taken);
        taken.Should().Be(7, "behind a torn line whole ones are written");
    }

    [Test]
    public void Lines_that_were_overtaken_do_not_pile_up()
    {
        for (var i = 0; i < 12; i++)
        {
            Pair("train", "tr1", 1, length: 1 + (0.05 * i));
            Pair("train", "tr2", 2, length: 1 + (0.05 * i));
            Pair("train", "tr3", 3, length: 1 + (0.05 * i));
            Pair("train", "tr4", 4, length: 1 + (0.05 * i));
            Run(out _);
        }
        File.ReadAllLines(Directory.GetFiles(kept).Single()).Length.Should().BeLessThan(12 * 7);
    }

    [Test]
    public void Without_a_place_to_keep_it_the_audit_is_made_and_says_so()
    {
        Directory.CreateDirectory(folder.Path);
        var file = Path.Combine(folder.Path, "a-file");
        File.WriteAllText(file, "");
        using var memory = AuditMemory.Open(Path.Combine(file, "below"), corpus);
        CorpusAudit.Run(corpus, memory: memory).Findings.Should().BeEmpty();
        memory.Problem.Should().StartWith($"What the audit measures is not kept in '{file}");
    }

    [Test]
    public void A_fresh_audit_forgets_what_was_kept()
    {
        Run(out _);
        using var memory = AuditMemory.Open(kept, corpus, fresh: true);
        CorpusAudit.Run(corpus, memory: memory);
        memory.Taken.Should().Be(0);
    }

    private static void Stop(bool now, CancellationTokenSource stop)
    {
        if (now)
            stop.Cancel();
    }

    private AuditReport Run(out int taken)
    {
        using var memory = AuditMemory.Open(kept, corpus);
        var report = CorpusAudit.Run(corpus, memory: memory);
        memory.Problem.Should().BeNull();
        taken = memory.Taken;
        return report;
    }

    private string PathOf(string split, string side, string name) => Path.Combine(corpus, split, side, name + ".wav");

    // Bursts of noise at random times, which no other seed has; the noisy side has noise of the pair's own.
    private void Pair(string split, string name, int seed, double length = 2, float scale = 1)
    {
        var random = new Random(seed);
        var clean = new float[(int)(length * Rate)];
        double low = 0,
            level = 0;
        for (var i = 0; i < clean.Length; i++)
        {
            if (i % 800 == 0)
                level = random.NextDouble() < 0.4 ? 0 : random.NextDouble();
            low = (0.8 * low) + (random.NextDouble() - 0.5);
            clean[i] = scale * (float)(0.15 * level * low);
        }
        var noise = new Random(name.Sum(c => (int)c * 31));
        foreach (var side in new[] { "clean", "noisy" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(split, side, name))!);
            WavFile.WritePcm16(
                PathOf(split, side, name),
                side == "clean" ? clean : [.. clean.Select(v => v + (float)(0.02 * (noise.NextDouble() - 0.5)))],
                Rate
            );
        }
    }
}
