using SpeechGan.Data;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Tools;

/// <summary>tools/corpus in small: the form of the public corpus, safe to kill, the same bytes for the same seed.</summary>
[Platform("Linux")]
public sealed class CorpusToolTests
{
    private static readonly string[] Small = ["--train", "30", "--test", "4"];
    private string root = "",
        made = "";

    [OneTimeSetUp]
    public void Make()
    {
        if (!new[] { "/usr/bin/espeak-ng", "/usr/local/bin/espeak-ng" }.Any(File.Exists))
            Assert.Ignore("espeak-ng is not installed");
        root = Directory.CreateTempSubdirectory("speechgan-corpus-test-").FullName;
        made = Path.Combine(root, "made");
        var (code, output) = Tool([made, .. Small]);
        code.Should().Be(0, output);
        output
            .Should()
            .MatchRegex(@"34 pairs, [0-9.]+ h at 48 kHz, [0-9.]+ MiB in '.*'; 34 pairs to make, [0-9.]+ MiB; [0-9.]+ GiB are free\.");
    }

    [OneTimeTearDown]
    public void Remove()
    {
        if (root.Length > 0)
            Directory.Delete(root, recursive: true);
    }

    [Test]
    public void It_opens_as_a_corpus_at_48_kHz_with_the_public_names_and_comes_out_of_the_audit_without_a_fault()
    {
        var corpus = PairedCorpus.Open(made);
        (corpus.Train.Count + corpus.Valid.Count, corpus.Test.Count).Should().Be((30, 4));
        corpus.Train.Concat(corpus.Valid).Select(u => u.Name[..4]).Distinct().Should().HaveCount(28);
        corpus.Test.Select(u => u.Name).Should().Equal("p232_001", "p232_002", "p257_001", "p257_002");
        AudioFile.ReadInfo(corpus.Test[0].NoisyPath).SampleRate.Should().Be(48_000);
        var report = CorpusAudit.Run(made);
        report.HasFaults.Should().BeFalse(string.Join('\n', report.Findings.Select(f => f.Sentence)));
        foreach (var part in report.Parts)
            (part.Seconds / part.Pairs).Should().BeInRange(1.1, 15);
    }

    [Test]
    public void A_file_that_a_kill_left_out_or_short_is_made_again_with_the_same_bytes_and_no_other_is_touched()
    {
        var files = Directory.GetFiles(made, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        var bytes = files.Select(File.ReadAllBytes).ToArray();
        File.Delete(files[0]);
        File.WriteAllBytes(files[^1], bytes[^1][..1000]);
        File.WriteAllText(files[0] + ".part", "left by a kill");
        var written = File.GetLastWriteTimeUtc(files[5]);
        var (code, output) = Tool([made, .. Small]);
        code.Should().Be(0, output);
        output.Should().Contain("; 2 pairs to make, ");
        files.Select(File.ReadAllBytes).Should().BeEquivalentTo(bytes, o => o.WithStrictOrdering());
        File.GetLastWriteTimeUtc(files[5]).Should().Be(written);
        Directory.GetFiles(made, "*.part", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Test]
    public void A_folder_with_something_else_a_disk_without_room_and_wrong_arguments_are_refused_in_a_sentence()
    {
        Refused(
            2,
            "holds another corpus (tools/corpus: 30 and 4 pairs, seed 1). Name an empty or new folder.",
            [made, .. Small, "--seed", "2"]
        );
        File.WriteAllText(Path.Combine(root, "mine.txt"), "mine");
        Refused(2, $"'{root}' holds other files. Name an empty or new folder.", [root, .. Small]);
        Refused(2, "usage: tools/corpus OUT [--train N] [--test N] [--seed N]", [made, "--train", "0"]);
        Refused(2, "usage: tools/corpus OUT", []);
        var large = Path.Combine(root, "large");
        Refused(3, "corpus: that leaves less than 1.0 GiB. Free some space", [large, "--train", "10000000"]);
        Directory.Exists(large).Should().BeFalse();
    }

    private static void Refused(int code, string sentence, string[] arguments)
    {
        var (found, output) = Tool(arguments);
        output.Should().Contain(sentence);
        found.Should().Be(code);
    }

    private static (int ExitCode, string Output) Tool(string[] arguments) =>
        Command.Run(Repository.Root, Repository.PathOf("tools", "corpus"), arguments);
}
