using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>golden/corpus is what its README says.</summary>
public sealed partial class BundledCorpusTests
{
    private static readonly string root = Repository.PathOf("golden", "corpus");

    private static PairedCorpus Open() => PairedCorpus.Open(root, new CorpusOptions { MixIn = "silent", MixInShare = 0.35 });

    // [file, seconds, voice, rate and pitch, noise, SNR, sentence]
    private static string[][] Rows() =>
        [
            .. File.ReadLines(Path.Combine(root, "README.md"))
                .Where(l => FileRow().IsMatch(l))
                .Select(l => l.Split('|').Select(c => c.Trim()).ToArray()[1..^1]),
        ];

    [GeneratedRegex(@"^\| (train|valid|test|silent)/")]
    private static partial Regex FileRow();

    [Test]
    public void It_opens_without_a_note()
    {
        PairedCorpus corpus = Open();
        corpus.Notes.Should().BeEmpty();
        (corpus.Train.Count, corpus.Valid.Count, corpus.Test.Count, corpus.MixIn.Count).Should().Be((24, 4, 7, 8));
        corpus.Test.Should().OnlyContain(u => u.Samples >= 64_000, "a centre cut of 4 s must not repeat the clip");
        Rows()
            .Select(r => Path.GetFileName(r[0]))
            .Should()
            .Equal(corpus.Train.Concat(corpus.Valid).Concat(corpus.Test).Concat(corpus.MixIn).Select(u => u.Name));
    }

    [Test]
    public void It_is_small_and_its_files_have_the_recorded_sums()
    {
        string[] files =
        [
            .. Directory
                .GetFiles(root, "*.wav", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];
        files.Sum(f => new FileInfo(Path.Combine(root, f)).Length).Should().BeLessThan(6_000_000);
        File.ReadAllLines(Path.Combine(root, "SHA256SUMS"))
            .Should()
            .Equal(files.Select(f => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(root, f))))}  {f}"));
    }

    [Test]
    public void Every_pair_has_the_signal_to_noise_ratio_that_is_written_down()
    {
        PairedCorpus corpus = Open();
        Dictionary<string, string> written = Rows().ToDictionary(r => Path.GetFileName(r[0]), r => r[5]);
        foreach (Utterance utterance in corpus.Train.Concat(corpus.Valid).Concat(corpus.Test))
        {
            var (clean, noisy) = utterance.LoadPair();
            double signal = clean.Sum(s => (double)s * s),
                noise = clean.Zip(noisy, (c, n) => ((double)n - c) * ((double)n - c)).Sum();
            // Rounding to 16 bits adds noise at -101 dB of full scale to noise above -60 dB: less than 0.001 dB.
            (10 * Math.Log10(signal / noise)).Should().BeApproximately(double.Parse(written[utterance.Name]), 0.01, utterance.Name);
        }
    }

    [Test]
    public void Test_and_validation_have_other_voices_and_sentences_and_no_other_noise_than_training()
    {
        string[][] rows = Rows(),
            train = [.. rows.Where(r => r[0].StartsWith("train/"))],
            held = [.. rows.Where(r => r[0].StartsWith("test/") || r[0].StartsWith("valid/"))];
        held.Select(r => r[2]).Should().NotIntersectWith(train.Select(r => r[2]));
        held.Select(r => r[6]).Should().NotIntersectWith(train.Select(r => r[6]));
        held.Select(r => r[4]).Should().BeSubsetOf(train.Select(r => r[4]));
    }

    [Test]
    public void The_silent_folder_is_digitally_silent_on_its_clean_side_alone()
    {
        foreach (Utterance utterance in Open().MixIn)
        {
            var (clean, noisy) = utterance.LoadPair();
            clean.Should().OnlyContain(s => s == 0, utterance.Name);
            noisy.Max(MathF.Abs).Should().BeGreaterThan(0.002f, utterance.Name);
        }
    }

    [TestCase(8_000)]
    [TestCase(32_000)]
    public void No_cut_of_training_has_a_silent_clean_side(int cut)
    {
        int silent = 0,
            all = 0;
        foreach (Utterance utterance in Open().Train)
        {
            float[] clean = utterance.LoadPair().Clean;
            // Every start there is, in steps of 10 ms: the longest run of zeros is what counts.
            for (int start = 0; start <= Math.Max(0, clean.Length - cut); start += 160, all++)
                if (Batch.IsSilent(clean.AsSpan(start, Math.Min(cut, clean.Length - start))))
                    silent++;
        }
        TestContext.Out.WriteLine($"{silent} of {all} cuts of {cut} samples are silent");
        all.Should().BeGreaterThan(20);
        silent.Should().Be(0);
    }
}
