using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class PairedCorpusTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Create() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    private string Refusal(CorpusOptions? options = null) =>
        FluentActions.Invoking(() => PairedCorpus.Open(folder.Path, options)).Should().Throw<CorpusException>().Which.Message[
            folder.Path.Length..
        ];

    private string AudioRefusal(CorpusOptions? options = null) =>
        FluentActions.Invoking(() => PairedCorpus.Open(folder.Path, options)).Should().Throw<AudioFileException>().Which.Message[
            folder.Path.Length..
        ];

    [Test]
    public void Pairs_come_in_natural_order()
    {
        foreach (string name in new[] { "p10", "p9", "p1_2", "p1_10", "p01" })
            folder.WritePair("train", name, 100);
        folder.WritePair("valid", "v", 50);
        PairedCorpus corpus = PairedCorpus.Open(folder.Path);
        corpus.Train.Select(u => u.Name).Should().Equal("p01", "p1_2", "p1_10", "p9", "p10");
        corpus.Valid.Single().Samples.Should().Be(50);
        corpus.Test.Should().BeEmpty();
        corpus.MixIn.Should().BeEmpty();
        corpus.Notes.Should().BeEmpty();
    }

    [Test]
    public void A_file_that_was_never_finished_is_taken_and_noted()
    {
        folder.WritePair("train", "a", 100);
        folder.WritePair("valid", "v", 50);
        string path = folder["train/noisy/a.wav"];
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(40, 4).Clear();
        File.WriteAllBytes(path, bytes);
        PairedCorpus corpus = PairedCorpus.Open(folder.Path);
        corpus.Train.Single().Samples.Should().Be(100);
        corpus
            .Notes.Should()
            .Equal(
                $"{path} was written into a pipe or never finished (its \"data\" chunk promises 0 bytes): all 100 frames to its end "
                    + $"are read."
            );
    }

    [Test]
    public void A_pair_holds_the_samples_of_both_files()
    {
        folder.WritePair("test", "a", 123);
        Utterance utterance = PairedCorpus.OpenForEvaluation(folder.Path).Test.Single();
        var (clean, noisy) = utterance.LoadPair();
        clean.Should().Equal(TemporaryFolder.Noise("test/clean/a.wav", 123));
        noisy.Should().Equal(TemporaryFolder.Noise("test/noisy/a.wav", 123));
        utterance.CleanPath.Should().EndWith("clean/a.wav");
    }

    [Test]
    public void A_folder_with_clean_and_noisy_can_be_evaluated_itself()
    {
        folder.WritePair(".", "a", 10);
        PairedCorpus.OpenForEvaluation(folder.Path).Test.Should().ContainSingle();
        Refusal()
            .Should()
            .Be(" holds clean/ and noisy/ themselves, and training looks for them in train/. Move both into a folder train/ inside it.");
    }

    [Test]
    public void Files_that_are_no_audio_or_hidden_are_passed_over()
    {
        folder.WritePair("test", "a", 10);
        folder.Write("test/clean/README.txt", [1]);
        folder.Write("test/clean/._b.wav", [1]);
        PairedCorpus.OpenForEvaluation(folder.Path).Test.Should().ContainSingle();
    }

    [Test]
    public void Missing_folders_are_told_with_what_to_do()
    {
        Refusal().Should().Contain("has no folder train/. A corpus is laid out as").And.Contain("/train/noisy/*.wav");
        FluentActions
            .Invoking(() => PairedCorpus.OpenForEvaluation(folder.Path))
            .Should()
            .Throw<CorpusException>()
            .WithMessage("*has neither a folder test/ nor clean/ and noisy/*");
        FluentActions
            .Invoking(() => PairedCorpus.Open(folder["none"]))
            .Should()
            .Throw<CorpusException>()
            .WithMessage("*none does not exist. Name the folder*");
        string file = folder.Write("file", [1]);
        FluentActions
            .Invoking(() => PairedCorpus.Open(file))
            .Should()
            .Throw<CorpusException>()
            .WithMessage("*file is a file, and a corpus is a folder.");
        Directory.CreateDirectory(folder["train"]);
        Refusal().Should().StartWith("/train has neither clean/ nor noisy/. Put");
        Directory.CreateDirectory(folder["train/clean"]);
        Refusal().Should().StartWith("/train has clean/ but no noisy/. Put");
        Directory.CreateDirectory(folder["train/noisy"]);
        Refusal().Should().StartWith("/train holds no audio files in clean/ and noisy/ (*.wav, *.flac, *.ogg");
        Directory.Delete(folder["train/clean"]);
        Refusal().Should().StartWith("/train has noisy/ but no clean/.");
    }

    [Test]
    public void Files_without_a_partner_are_listed_up_to_five_and_counted()
    {
        folder.WritePair("train", "both", 10);
        for (int i = 1; i <= 12; i++)
            folder.WriteClip($"train/clean/c{i}.wav", 10);
        folder.WriteClip("train/noisy/n.wav", 10);
        Refusal()
            .Should()
            .Be(
                "/train has files without a partner: 12 in clean/ alone (c1, c2, c3, c4, c5, and 7 more) and 1 in noisy/ alone (n). "
                    + "Add the partners or remove these files."
            );
    }

    [Test]
    public void One_name_stands_for_one_file()
    {
        folder.WritePair("train", "a", 10);
        folder.Write("train/clean/a.flac", [1]);
        Refusal().Should().StartWith("/train/clean holds a.").And.EndWith("a name may stand for one file only. Remove one of them.");
    }

    [Test]
    public void Different_lengths_are_refused_with_the_samples_of_each_side()
    {
        folder.WritePair("train", "a", 100);
        folder.WriteClip("train/clean/b.wav", 100);
        folder.WriteClip("train/noisy/b.wav", 93);
        Refusal()
            .Should()
            .Be(
                "/train has 1 pair(s) whose sides differ in length, in samples at 16000 Hz: b (clean 100, noisy 93). "
                    + "Align them; or, where only the end differs, allow --set data.onLengthMismatch=cut-to-shorter."
            );
        PairedCorpus corpus = PairedCorpus.Open(folder.Path, new CorpusOptions { OnLengthMismatch = LengthMismatchPolicy.CutToShorter });
        Utterance b = corpus.Train.Concat(corpus.Valid).Single(u => u.Name == "b");
        b.Samples.Should().Be(93);
        b.LoadPair().Clean.Should().Equal(TemporaryFolder.Noise("train/clean/b.wav", 100)[..93]);
        corpus.Notes.Should().Contain(n => n.Contains("b (clean 100, noisy 93). The longer sides are cut at the end."));
    }

    [Test]
    public void Several_channels_are_refused_by_naming_the_option()
    {
        folder.WritePair("train", "a", 100);
        folder.WriteClip("train/clean/b.wav", 100);
        folder.WriteClip("train/noisy/b.wav", 100, channels: 2);
        AudioRefusal()
            .Should()
            .Be(
                "/train/noisy/b.wav has 2 channels, and one is needed. Say which to take with --set data.channel=first (or second, or "
                    + "mean), "
                    + "or convert the file to mono."
            );
        float[] both = TemporaryFolder.Noise("train/noisy/b.wav", 200);
        float[] Noisy(ChannelPolicy policy)
        {
            PairedCorpus corpus = PairedCorpus.Open(folder.Path, new CorpusOptions { Channel = policy });
            return corpus.Train.Concat(corpus.Valid).Single(u => u.Name == "b").LoadPair().Noisy;
        }
        Noisy(ChannelPolicy.First).Should().Equal(both.Where((_, i) => i % 2 == 0));
        Noisy(ChannelPolicy.Second).Should().Equal(both.Where((_, i) => i % 2 == 1));
        Noisy(ChannelPolicy.Mean)
            .Should()
            .Equal(Enumerable.Range(0, 100).Select(i => (float)(((double)both[2 * i] + both[(2 * i) + 1]) / 2)));
    }

    [Test]
    public void Other_rates_are_brought_to_16_kHz()
    {
        folder.WriteClip("test/clean/a.wav", 4801, rate: 48_000);
        folder.WriteClip("test/noisy/a.wav", 1601);
        Utterance utterance = PairedCorpus.OpenForEvaluation(folder.Path).Test.Single();
        utterance.Samples.Should().Be(1601);
        utterance.LoadPair().Clean.Should().Equal(new Resampler(48_000, 16_000).Resample(TemporaryFolder.Noise("test/clean/a.wav", 4801)));
    }

    [Test]
    public void Unusable_headers_are_told_when_the_corpus_is_opened()
    {
        folder.WritePair("train", "a", 100);
        folder.WritePair("train", "b", 0);
        AudioRefusal().Should().Be("/train/clean/b.wav holds no samples. Remove the pair from the corpus.");
        folder.WriteClip("train/clean/b.wav", 5, rate: 800);
        AudioRefusal()
            .Should()
            .Contain("/train/clean/b.wav has 800 samples a second; rates from 4000 to 384000 can be resampled to 16000.");
        folder.Write("train/clean/b.wav", "text"u8.ToArray());
        AudioRefusal().Should().Contain("b.wav is not a WAV file");
    }

    [Test]
    public void Samples_that_are_not_finite_are_refused_when_loaded()
    {
        folder.WritePair("test", "a", 3);
        WavFile.WriteFloat32(folder["test/noisy/a.wav"], [0, 0, float.NaN], 16_000);
        PairedCorpus
            .OpenForEvaluation(folder.Path)
            .Test.Single()
            .Invoking(u => u.LoadPair())
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*noisy/a.wav cannot be used: its sample 2 is NaN*");
    }

    [Test]
    public void A_file_that_changed_after_opening_is_told()
    {
        folder.WritePair("test", "a", 30);
        Utterance utterance = PairedCorpus.OpenForEvaluation(folder.Path).Test.Single();
        folder.WriteClip("test/noisy/a.wav", 31);
        utterance
            .Invoking(u => u.LoadPair())
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*had 30 samples when the corpus was opened and has 31 now*");
    }

    [Test]
    public void Held_out_utterances_stay_where_they_are_when_files_are_added()
    {
        string[] Held(int count, long seed)
        {
            for (int i = 0; i < count; i++)
                folder.WritePair("train", $"p{i}", 10);
            PairedCorpus corpus = PairedCorpus.Open(folder.Path, new CorpusOptions { Seed = seed });
            corpus.Train.Should().NotIntersectWith(corpus.Valid);
            (corpus.Train.Count + corpus.Valid.Count).Should().Be(count);
            corpus
                .Notes.Single()
                .Should()
                .Contain($"has no folder valid/: {corpus.Valid.Count} of {count} utterances of train/ are held out");
            return [.. corpus.Valid.Select(u => u.Name)];
        }
        string[] few = Held(100, seed: 5),
            many = Held(200, seed: 5);
        few.Length.Should().BeInRange(4, 18, "10 % of 100, give or take 2.7 standard deviations");
        many.Where(name => int.Parse(name[1..]) < 100).Should().Equal(few);
        Held(200, seed: 6).Should().NotEqual(many);
    }

    [Test]
    public void Neither_part_is_empty_when_a_small_corpus_is_split([Range(0, 19)] int seed)
    {
        folder.WritePair("train", "a", 10);
        Refusal(new CorpusOptions { Seed = seed }).Should().StartWith("/train holds one pair, and there is no valid/ folder");
        folder.WritePair("train", "b", 10);
        PairedCorpus corpus = PairedCorpus.Open(folder.Path, new CorpusOptions { Seed = seed, HoldOutShare = seed % 2 == 0 ? 0.01 : 0.99 });
        corpus.Train.Should().ContainSingle();
        corpus.Valid.Should().ContainSingle();
    }

    [Test]
    public void A_further_folder_can_be_mixed_in()
    {
        folder.WritePair("train", "a", 10);
        folder.WritePair("valid", "a", 10);
        folder.WritePair("silent", "s", 10);
        PairedCorpus.Open(folder.Path, new CorpusOptions { MixIn = "silent", MixInShare = 0.5 }).MixIn.Single().Name.Should().Be("s");
        Refusal(new CorpusOptions { MixIn = "quiet" }).Should().Be(" has no folder quiet/, which data.mixIn names. It could name silent.");
        Refusal(new CorpusOptions { MixInShare = 0.5 }).Should().Contain("data.mixInShare is 0.5, and data.mixIn names no folder");
        Refusal(new CorpusOptions { MixIn = "silent", MixInShare = 1 })
            .Should()
            .Contain("data.mixInShare is 1, and it must be at least 0 and below 1");
        Refusal(new CorpusOptions { MixIn = "test" }).Should().Contain("a part of the corpus of its own");
        Refusal(new CorpusOptions { MixIn = "../x" }).Should().Contain("the name of a folder inside the corpus");
    }

    [Test]
    public void The_cache_keeps_to_its_bound_and_changes_nothing()
    {
        for (int i = 0; i < 5; i++)
            folder.WritePair("test", $"p{i}", 1000);
        var options = new CorpusOptions { CacheBytes = 20_000 }; // two pairs of 8000 bytes
        IReadOnlyList<Utterance> cached = PairedCorpus.OpenForEvaluation(folder.Path, options).Test,
            plain = PairedCorpus.OpenForEvaluation(folder.Path).Test;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < 5; i++)
            {
                var (clean, noisy) = cached[i].LoadPair();
                clean.Should().Equal(plain[i].LoadPair().Clean);
                noisy.Should().Equal(plain[i].LoadPair().Noisy);
                Array.Clear(clean); // the caller's own: the cache must not notice
            }
        }
        File.Delete(cached[0].CleanPath);
        File.Delete(cached[4].CleanPath);
        cached[0].LoadPair().Clean.Should().Equal(TemporaryFolder.Noise("test/clean/p0.wav", 1000));
        cached[4].Invoking(u => u.LoadPair()).Should().Throw<AudioFileException>("it found no room in the cache");
    }
}
