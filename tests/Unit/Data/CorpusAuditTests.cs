using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class CorpusAuditTests
{
    private const int Rate = 16_000;
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Create()
    {
        folder = new TemporaryFolder();
        for (var i = 1; i <= 4; i++)
            Pair("train", $"tr{i}", Speech(i), Noisy(Speech(i), 100 + i));
        Pair("test", "te1", Speech(11), Noisy(Speech(11), 111));
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_sound_corpus_has_no_finding()
    {
        var report = CorpusAudit.Run(folder.Path);
        report.Findings.Should().BeEmpty();
        report.HasFaults.Should().BeFalse();
        report.Parts.Select(p => (p.Split, p.Pairs, p.Seconds)).Should().Equal(("train", 4, 8.0), ("test", 1, 2.0));
    }

    [Test]
    public void The_bundled_corpus_comes_out_clean()
    {
        var root = TestContext.CurrentContext.TestDirectory;
        while (!Directory.Exists(Path.Combine(root, "golden", "corpus")))
            root = Path.GetDirectoryName(root)!;
        var report = CorpusAudit.Run(Path.Combine(root, "golden", "corpus"));
        report.Findings.Should().BeEmpty();
        report.Parts.Select(p => p.Pairs).Should().Equal(24, 4, 7);
    }

    [Test]
    public void A_late_noisy_side_is_told_with_its_lag()
    {
        var noisy = Noisy(Speech(1), 101);
        Pair("train", "tr1", Speech(1), [.. new float[160], .. noisy[..^160]]);
        Single("misaligned").Should().Match<AuditFinding>(f => f.Name == "tr1" && Math.Abs(f.Observed!.Value - 0.01) < 1e-12);
        Single("misaligned").Sentence.Should().StartWith("train/tr1: its noisy side is 160 samples (10 ms) late: the correlation is ");
        Pair("train", "tr1", Speech(1), [.. noisy[160..], .. new float[160]]);
        Single("misaligned").Sentence.Should().Contain("160 samples (10 ms) early");
    }

    [TestCase(160)]
    [TestCase(163)]
    [TestCase(-5002)]
    public void At_48_kHz_the_lag_is_told_to_the_sample(int lag)
    {
        var noisy = Noisy(Speech(1), 101);
        float[] moved = lag > 0 ? [.. new float[lag], .. noisy[..^lag]] : [.. noisy[-lag..], .. new float[-lag]];
        WavFile.WritePcm16(Path.Combine(folder.Path, "train", "clean", "tr1.wav"), Speech(1), 48_000);
        WavFile.WritePcm16(Path.Combine(folder.Path, "train", "noisy", "tr1.wav"), moved, 48_000);
        var found = CorpusAudit.Run(folder.Path).Findings.Single(f => f.Kind == "misaligned");
        found
            .Sentence.Should()
            .StartWith($"train/tr1: its noisy side is {Math.Abs(lag)} samples (")
            .And.Contain(lag > 0 ? "late" : "early");
    }

    /// <summary>The owner is looked for among sides of about the same length: each among all would take hours in a large corpus.</summary>
    [Test]
    public void A_noisy_side_of_another_length_is_told_with_its_owner()
    {
        for (var i = 20; i < 60; i++)
            Pair("train", $"tr{i}", Speech(i)[..(16_000 + (50 * i))], Noisy(Speech(i)[..(16_000 + (50 * i))], 100 + i));
        Pair("train", "tr1", Speech(1), Noisy(Speech(44)[..(16_000 + (50 * 44))], 999));
        var found = CorpusAudit.Run(folder.Path).Findings;
        found.Select(f => f.Kind).Should().BeEquivalentTo("different-lengths", "swapped");
        found.Single(f => f.Kind == "swapped").Sentence.Should().EndWith("it is the noisy side of tr44.");
    }

    [Test]
    public void Half_a_millisecond_is_allowed_and_more_is_not()
    {
        var noisy = Noisy(Speech(1), 101);
        Pair("train", "tr1", Speech(1), [.. new float[8], .. noisy[..^8]]);
        Kinds().Should().BeEmpty();
        Pair("train", "tr1", Speech(1), [.. new float[9], .. noisy[..^9]]);
        Kinds().Should().Equal("misaligned");
    }

    [Test]
    public void Noisy_sides_that_changed_places_are_told_with_their_owner()
    {
        Pair("train", "tr1", Speech(1), Noisy(Speech(2), 101));
        Pair("train", "tr2", Speech(2), Noisy(Speech(1), 102));
        var found = CorpusAudit.Run(folder.Path).Findings;
        found.Select(f => (f.Kind, f.Name)).Should().Equal(("swapped", "tr1"), ("swapped", "tr2"));
        found[0].Sentence.Should().EndWith("it is the noisy side of tr2.");
    }

    [Test]
    public void A_noisy_side_of_nothing_known_is_unrelated()
    {
        Pair("train", "tr1", Speech(1), Noisy(Speech(77), 101));
        Single("unrelated").Sentence.Should().EndWith("it belongs to another recording, or holds nothing but noise.");
    }

    [Test]
    public void Exchanged_sides_are_told_by_their_pauses()
    {
        Pair("train", "tr1", Noisy(Speech(1), 101), Speech(1));
        Single("sides-exchanged")
            .Sentence.Should()
            .StartWith("train/tr1: the pauses of its noisy side are ")
            .And.EndWith("the two sides seem exchanged.");
    }

    [Test]
    public void The_same_recording_in_two_parts_is_a_leak_under_any_name()
    {
        Pair("test", "other", Speech(1), Noisy(Speech(1), 555));
        Single("leak")
            .Sentence.Should()
            .Be("The clean sides of train/tr1, test/other are the same recording: what is trained on is tested on.");
        CorpusAudit.Run(folder.Path).HasFaults.Should().BeTrue();
    }

    [Test]
    public void The_same_clean_side_with_two_noises_in_one_part_is_noted_and_the_same_pair_twice_is_a_fault()
    {
        Pair("train", "again", Speech(1), Noisy(Speech(1), 555));
        Single("duplicate").Level.Should().Be(AuditLevel.Note);
        Pair("train", "again", Speech(1), Noisy(Speech(1), 101));
        CorpusAudit
            .Run(folder.Path)
            .Findings.Select(f => (f.Kind, f.Level))
            .Should()
            .Equal(("duplicate", AuditLevel.Fault), ("duplicate", AuditLevel.Note));
    }

    [Test]
    public void Silence_clipping_offset_and_shortness_are_told_of_either_side()
    {
        Pair("train", "tr1", new float[32_000], Noisy(Speech(1), 101));
        Single("silent").Sentence.Should().Be("train/tr1: its clean side is digital silence.");
        Pair("train", "tr1", Speech(1), [.. Noisy(Speech(1), 101).Select(v => Math.Clamp(8 * v, -1, 1))]);
        Single("clipped").Should().Match<AuditFinding>(f => f.Level == AuditLevel.Fault && f.Observed > 1e-3);
        Pair("train", "tr1", [.. Speech(1).Select(v => v + 0.05f)], [.. Noisy(Speech(1), 101).Select(v => v + 0.05f)]);
        CorpusAudit.Run(folder.Path).Findings.Select(f => f.Kind).Should().Equal("dc-offset", "dc-offset");
        Pair("train", "tr1", Speech(1)[..3999], Noisy(Speech(1), 101)[..3999]);
        Kinds().Should().Contain("too-short");
        Pair("train", "tr1", Speech(1)[4000..8000], Noisy(Speech(1), 101)[4000..8000]);
        Kinds().Should().NotContain("too-short", "a quarter of a second can be scored");
    }

    [Test]
    public void Headers_that_contradict_each_other_and_lengths_that_differ_are_told()
    {
        WavFile.WritePcm16(Path.Combine(folder.Path, "train", "noisy", "tr1.wav"), Noisy(Speech(1), 101), 8000);
        CorpusAudit.Run(folder.Path).Findings.Select(f => f.Kind).Should().Equal("rates-differ", "other-rate");
        Pair("train", "tr1", Speech(1), Noisy(Speech(1), 101)[..^5]);
        Single("different-lengths").Sentence.Should().Be("train/tr1: its clean side has 32000 samples and its noisy side 31995.");
        Pair("train", "tr1", Speech(1), Speech(1));
        Single("identical-sides").Sentence.Should().EndWith("there is nothing to learn.");
    }

    [Test]
    public void A_rate_that_most_files_of_a_part_have_is_one_note()
    {
        for (var i = 1; i <= 12; i++)
            foreach (var side in new[] { "clean", "noisy" })
            {
                Directory.CreateDirectory(Path.Combine(folder.Path, "valid", side));
                var signal = side == "clean" ? Speech(20 + i) : Noisy(Speech(20 + i), 200 + i);
                WavFile.WritePcm16(Path.Combine(folder.Path, "valid", side, $"va{i}.wav"), signal, i <= 11 ? 48_000 : 8_000);
            }
        var found = CorpusAudit.Run(folder.Path).Findings;
        found
            .Select(f => f.Sentence)
            .Should()
            .Equal(
                "valid: 22 files (va1 is the first) have 48000 samples a second and are resampled to 16000 when they are read.",
                "valid/va12: its clean side has 8000 samples a second and is resampled to 16000 when it is read.",
                "valid/va12: its noisy side has 8000 samples a second and is resampled to 16000 when it is read."
            );
        found.Should().OnlyContain(f => f.Kind == "other-rate" && f.Level == AuditLevel.Note);
    }

    [Test]
    public void A_file_that_was_never_finished_is_noted()
    {
        string path = Path.Combine(folder.Path, "train", "noisy", "tr1.wav");
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(40, 4).Fill(0xFF);
        File.WriteAllBytes(path, bytes);
        AuditFinding found = Single("header");
        found.Level.Should().Be(AuditLevel.Note);
        found.Sentence.Should().StartWith("train/tr1: its noisy side was written into a pipe or never finished").And.EndWith("are read.");
    }

    [Test]
    public void What_training_would_refuse_is_a_finding()
    {
        File.WriteAllText(Path.Combine(folder.Path, "train", "noisy", "tr1.wav"), "no audio");
        File.Delete(Path.Combine(folder.Path, "train", "clean", "tr2.wav"));
        var report = CorpusAudit.Run(folder.Path);
        report.Findings.Select(f => (f.Kind, f.Name)).Should().Equal(("no-partner", "tr2"), ("unreadable", "tr1"));
        report.Findings[0].Sentence.Should().Be("train/tr2: it is in noisy/ and not in clean/.");
        report.Parts[0].Pairs.Should().Be(2);
    }

    [Test]
    public void A_folder_that_is_no_corpus_is_refused_in_a_sentence()
    {
        var empty = Path.Combine(folder.Path, "train", "clean");
        FluentActions
            .Invoking(() => CorpusAudit.Run(empty))
            .Should()
            .Throw<CorpusException>()
            .WithMessage("*has none of the folders train/, valid/ and test/, nor clean/ and noisy/*");
        FluentActions.Invoking(() => CorpusAudit.Run(empty + "-not")).Should().Throw<CorpusException>().WithMessage("*does not exist*");
    }

    [Test]
    public void Workers_change_nothing()
    {
        Pair("train", "tr1", Speech(1), Noisy(Speech(2), 101));
        Pair("train", "tr2", Speech(2), Speech(2));
        CorpusAudit.Run(folder.Path, 1).Findings.Should().Equal(CorpusAudit.Run(folder.Path, 8).Findings);
    }

    private string[] Kinds() => [.. CorpusAudit.Run(folder.Path).Findings.Select(f => f.Kind)];

    private AuditFinding Single(string kind) =>
        CorpusAudit
            .Run(folder.Path)
            .Findings.Should()
            .ContainSingle(because: kind)
            .Which.Should()
            .Match<AuditFinding>(f => f.Kind == kind)
            .And.Subject.As<AuditFinding>();

    private void Pair(string split, string name, float[] clean, float[] noisy)
    {
        foreach (var (side, samples) in new[] { ("clean", clean), ("noisy", noisy) })
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, split, side));
            WavFile.WritePcm16(Path.Combine(folder.Path, split, side, name + ".wav"), samples, Rate);
        }
    }

    // Two seconds of bursts of coloured noise with pauses: a spectrum and an envelope like speech's, from a seed.
    private static float[] Speech(int seed)
    {
        var random = new Random(seed);
        var signal = new float[2 * Rate];
        double low = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            low = (0.8 * low) + (random.NextDouble() - 0.5);
            signal[i] = (i / 3200 % 3) switch
            {
                0 => 0,
                _ => (float)(0.15 * low),
            };
        }
        return signal;
    }

    private static float[] Noisy(float[] clean, int seed)
    {
        var random = new Random(seed);
        return [.. clean.Select(v => v + (float)(0.05 * (random.NextDouble() - 0.5)))];
    }
}
