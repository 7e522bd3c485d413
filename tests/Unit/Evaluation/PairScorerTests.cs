using SpeechGan.Data;
using SpeechGan.Dsp;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Tests.Unit.Metrics;

namespace SpeechGan.Tests.Unit.Evaluation;

public sealed class PairScorerTests
{
    private static string Vector(string file) => Path.Combine(MetricVector.Folder, file);

    private static ScorePair Named(string name) => new(name, Vector(MetricVector.Named(name).Ref), Vector(MetricVector.Named(name).Deg));

    [Test]
    public void Files_get_the_scores_of_their_samples()
    {
        MetricVector vector = MetricVector.Named("babble5_8k");
        ScoreSet expected = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 8000);
        ScoredPair scored = new PairScorer { WithStability = true }.Score(Named("babble5_8k"));
        scored.Scores.Results.Should().Equal(expected.Results);
        scored.Failure.Should().BeNull();
        scored.Moved!.Value.Value.Should().BeLessThan(0.1);
        scored.Unstable.Should().BeFalse();
    }

    [Test]
    public void Neither_order_nor_workers_change_a_bit()
    {
        string[] names = ["white25", "pink12", "babble0", "white10_8k", "click", "short_260ms", "silent_ref", "gainstep"];
        ScorePair[] pairs = [.. names.Select(Named)];
        IReadOnlyList<ScoredPair> alone = new PairScorer().Score(pairs, workers: 1);
        IReadOnlyList<ScoredPair> together = new PairScorer().Score([.. pairs.Reverse()], workers: 8);
        alone.Select(s => s.Pair.Name).Should().Equal(names);
        foreach ((ScoredPair a, ScoredPair b) in alone.Zip(together.Reverse()))
            a.Scores.Results.Should().Equal(b.Scores.Results, a.Pair.Name);
        ScoreSummary.Of([.. alone.Select(s => s.Scores)], 1).Should().Equal(ScoreSummary.Of([.. together.Select(s => s.Scores)], 1));
    }

    [Test]
    public void Versions_of_one_file_share_it_and_keep_their_bits()
    {
        using var folder = new TemporaryFolder();
        string bad = folder.Write("bad.wav", "no audio"u8.ToArray());
        ScorePair one = Named("white25"),
            other = Named("musical"),
            third = Named("babble5_8k");
        string quiet = folder["quiet.wav"];
        WavFile.WriteFloat32(quiet, [.. MetricVector.Named("white25").Enhanced().Select(x => 0.5f * x)], 16000);
        ScorePair[] pairs =
        [
            one,
            third,
            new("a", one.Reference, other.Degraded),
            new("b", bad, other.Degraded),
            new("c", one.Reference, quiet),
            new("d", bad, quiet),
            new("e", one.Reference, bad),
        ];
        foreach (bool stability in new[] { false, true })
        {
            var scorer = new PairScorer { WithStability = stability };
            IReadOnlyList<ScoredPair> together = scorer.Score(pairs, workers: 4);
            together.Select(s => s.Pair).Should().Equal(pairs);
            foreach (ScoredPair found in together)
            {
                ScoredPair alone = scorer.Score(found.Pair);
                found.Scores.Results.Should().Equal(alone.Scores.Results, found.Pair.Name);
                (found.Failure, found.Moved).Should().Be((alone.Failure, alone.Moved));
            }

            ScoreSet expected = ScoreSet.Of(
                AudioFile.Read(one.Reference).Mono(ChannelPolicy.Refuse),
                AudioFile.Read(quiet).Mono(ChannelPolicy.Refuse),
                16000
            );
            together[4].Scores.Results.Should().Equal(expected.Results);
            together[3].Failure.Should().Be(together[5].Failure).And.Contain("bad.wav");
        }
    }

    [Test]
    public void Files_that_cannot_be_scored_say_why_and_stop_nobody()
    {
        using var folder = new TemporaryFolder();
        string good = folder.WriteClip("good.wav", 8000),
            stereo = folder.WriteClip("stereo.wav", 8000, channels: 2),
            fast = folder.WriteClip("fast.wav", 48000, 48000);
        string text = folder.Write("text.wav", "no audio"u8.ToArray()),
            slow = folder.WriteClip("slow.wav", 8000, 100);
        ScorePair[] pairs =
        [
            new("a", good, stereo),
            new("b", good, fast),
            new("c", good, text),
            new("d", good, folder["gone.wav"]),
            new("e", good, good),
            new("f", slow, slow),
        ];
        int done = 0;
        IReadOnlyList<ScoredPair> scored = new PairScorer().Score(pairs, 2, () => Interlocked.Increment(ref done));
        done.Should().Be(6);
        scored
            .Select(s => s.Failure)
            .Should()
            .Equal(
                $"{stereo} has 2 channels, and one is needed. Say which to take with --channel first (or second, or mean).",
                $"{good} has 16000 samples a second and {fast} 48000. Resample both to 16000 with --resample.",
                $"{text} is not a WAV file: it begins with \"no a\" where \"RIFF\" is expected. Convert it to WAV, or remove it "
                    + $"from the folder.",
                $"{folder["gone.wav"]} does not exist.",
                null,
                null
            );
        scored[4].Scores.HasValue.Should().BeTrue();
        scored[5].Scores[Metric.SiSdr].Sentence.Should().Be("100 Hz is no sample rate of speech; 4000 to 384000 Hz are scored.");
        new PairScorer { Rate = 16000 }
            .Score(pairs[5])
            .Failure.Should()
            .Be($"{slow} has 100 samples a second; rates from 4000 to 384000 can be resampled to 16000. Convert it.");
        new PairScorer { Rate = 16000 }
            .Score(pairs[1])
            .Scores[Metric.PesqWideBand]
            .HasValue.Should()
            .BeTrue();
        new PairScorer { Channel = ChannelPolicy.Second }
            .Score(pairs[0])
            .Scores.HasValue.Should()
            .BeTrue();
    }

    [Test]
    public void A_cancelled_scoring_hands_nothing_out()
    {
        using var cancelled = new CancellationTokenSource();
        FluentActions
            .Invoking(() => new PairScorer().Score([.. Enumerable.Repeat(Named("click"), 20)], 1, cancelled.Cancel, cancelled.Token))
            .Should()
            .Throw<OperationCanceledException>();
    }

    [Test]
    public void Folders_are_paired_by_name_and_orphans_are_told()
    {
        using var folder = new TemporaryFolder();
        foreach (
            string name in new[]
            {
                "ref/a10.wav",
                "ref/a9.WAV",
                "ref/b.wav",
                "ref/d.wav",
                "ref/.hidden.wav",
                "ref/notes.txt",
                "deg/a9.flac",
                "deg/a10.wav",
                "deg/c.wav",
                "deg/d.wav",
                "deg/d.flac",
            }
        )
            folder.WriteClip(name, 1);
        ScorePairs found = ScorePairs.Find(folder["ref"], folder["deg"]);
        found.Pairs.Select(p => p.Name).Should().Equal("a9", "a10");
        found.Pairs[0].Should().Be(new ScorePair("a9", folder["ref", "a9.WAV"], folder["deg", "a9.flac"]));
        found
            .Alone.Should()
            .Equal(
                new UnscorableFile("b", $"{folder["ref", "b.wav"]} has no partner of that name in {folder["deg"]}."),
                new UnscorableFile("c", $"{folder["deg", "c.wav"]} has no partner of that name in {folder["ref"]}."),
                new UnscorableFile(
                    "d",
                    $"{folder["deg", "d.flac"]} and {folder["deg", "d.wav"]} share a name, which may stand for one file only."
                )
            );
        ScorePairs
            .Find(folder["ref", "b.wav"], folder["deg", "c.wav"])
            .Pairs.Should()
            .Equal(new ScorePair("b", folder["ref", "b.wav"], folder["deg", "c.wav"]));
        ScorePairs one = ScorePairs.Find(folder["ref", "a10.wav"], folder["deg"]);
        (one.Pairs.Single().Degraded, one.Alone.Count).Should().Be((folder["deg", "a10.wav"], 0));
        FluentActions
            .Invoking(() => ScorePairs.Find(folder["ref", "b.wav"], folder["deg"]))
            .Should()
            .Throw<CorpusException>()
            .WithMessage(
                $"{folder["deg"]} has no file that could be paired with one of {folder["ref", "b.wav"]}: files are paired by name "
                    + $"without ending. "
                    + $"{folder["ref", "b.wav"]} has no partner of that name in {folder["deg"]}."
            );
        FluentActions
            .Invoking(() => ScorePairs.Find(folder["none"], folder["deg"]))
            .Should()
            .Throw<CorpusException>()
            .WithMessage($"{folder["none"]} does not exist. Name a file or a folder of files.");
    }

    // Through the whole path, file to score; SPEECHGAN_FUZZ=20000 (tools/fuzz-score) runs more.
    [Test]
    public void Fuzzed_files_are_scored_or_refused_in_a_sentence()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ") ?? "2000");
        int seed = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ_SEED") ?? "1");
        TestContext.Out.WriteLine($"{count} pairs, seed {seed}");
        using var folder = new TemporaryFolder();
        var scorer = new PairScorer { Channel = ChannelPolicy.First, WithStability = true };
        int withPesq = 0,
            scored = 0,
            refused = 0;
        long most = 0;
        for (int i = 0; i < count; i++)
        {
            var random = new Random((int)CounterRandom.Bits(seed, 1, 0, i));
            byte[] clean = WavFuzzTests.Original(random, 6000),
                degraded = random.Next(3) == 0 ? WavFuzzTests.Original(random, 6000) : (byte[])clean.Clone();
            for (int mutations = random.Next(0, 3); mutations > 0; mutations--)
                degraded = WavFuzzTests.Mutate(degraded, random);
            if (random.Next(4) == 0)
                clean = WavFuzzTests.Mutate(clean, random);
            var pair = new ScorePair("fuzz", folder.Write("clean.wav", clean), folder.Write("degraded.wav", degraded));
            long before = GC.GetAllocatedBytesForCurrentThread();
            ScoredPair result = scorer.Score(pair);
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            if (result.Failure is { } failure)
            {
                failure.Should().StartWith(folder.Path).And.EndWith(".", $"pair {i} of seed {seed}");
                failure.Should().NotContain("report this", $"pair {i} of seed {seed}");
                refused++;
            }
            else if (result.Scores.HasValue)
            {
                scored++;
            }

            if (result.Scores[Metric.PesqWideBand].HasValue)
                withPesq++;
            foreach ((Metric metric, MetricResult value) in result.Scores.Results)
                if (!value.HasValue)
                    value.Sentence.Should().EndWith(".", $"{metric.Name} of pair {i} of seed {seed}");
        }

        TestContext.Out.WriteLine(
            $"{scored} scored ({withPesq} with wide-band PESQ), {refused} refused, at most {most >> 10} KiB allocated for a pair"
        );
        scored.Should().BeGreaterThan(count / 10);
        withPesq.Should().BeGreaterThan(count / 100);
        refused.Should().BeGreaterThan(count / 20);
        most.Should().BeLessThan(64 << 20, "memory stays in proportion to files of at most 150 kB");
    }
}
