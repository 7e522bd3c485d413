using SpeechGan.Data;
using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Data;

public sealed class BatchReaderTests
{
    private const int Count = 10;
    private TemporaryFolder folder = null!;
    private PairedCorpus corpus = null!;

    [SetUp]
    public void Create()
    {
        folder = new TemporaryFolder();
        for (int i = 0; i < Count; i++)
            folder.WritePair("train", $"p{i}", 300 + (50 * i));
        folder.WritePair("valid", "v", 300);
        for (int i = 0; i < 3; i++)
        {
            folder.WritePair("silent", $"s{i}", 400);
            WavFile.WritePcm16(folder[$"silent/clean/s{i}.wav"], new float[400], 16_000);
        }
        corpus = PairedCorpus.Open(folder.Path, new CorpusOptions { MixIn = "silent" });
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    private BatchReader Reader(BatchOptions options) => new(corpus.Train, options, corpus.MixIn);

    private static readonly BatchOptions small = new()
    {
        BatchSize = 3,
        CutSamples = 200,
        Seed = 1,
    };

    private static string Text(Batch b) =>
        $"{b.Epoch}/{b.IndexInEpoch} {b.BatchSize}x{b.Samples} {string.Join(",", b.Names)} {string.Join(",", b.Starts)} "
        + $"{string.Join(",", b.SilentClean)} {Hash(b.Clean):x} {Hash(b.Noisy):x}";

    private static ulong Hash(float[] samples) =>
        samples.Aggregate(0UL, (hash, s) => CounterRandom.Bits((long)hash, BitConverter.SingleToUInt32Bits(s), 0, 0));

    [Test]
    public void A_batch_holds_the_cuts_of_its_utterances()
    {
        Batch batch = Reader(small).Load(epoch: 2, index: 1);
        batch.Epoch.Should().Be(2);
        batch.IndexInEpoch.Should().Be(1);
        batch.Clean.Should().HaveCount(600);
        for (int b = 0; b < 3; b++)
        {
            var (clean, noisy) = corpus.Train.Single(u => u.Name == batch.Names[b]).LoadPair();
            batch.Clean[(200 * b)..(200 * (b + 1))].Should().Equal(clean[batch.Starts[b]..(batch.Starts[b] + 200)]);
            batch.Noisy[(200 * b)..(200 * (b + 1))].Should().Equal(noisy[batch.Starts[b]..(batch.Starts[b] + 200)]);
        }
    }

    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(4, 2)]
    [TestCase(16, 50)]
    public void Workers_change_nothing(int workers, int readAhead)
    {
        BatchReader alone = Reader(small with { Workers = 0, MixInShare = 0.4 }),
            other = Reader(small with { Workers = workers, ReadAhead = readAhead, MixInShare = 0.4 });
        for (int epoch = 0; epoch < 5; epoch++)
            other.Read(epoch).Select(Text).Should().Equal(alone.Read(epoch).Select(Text));
    }

    [Test]
    public void Beginning_later_gives_the_same_batches([Range(0, 3)] int first)
    {
        BatchReader reader = Reader(small);
        reader.Read(7, first).Select(Text).Should().Equal(reader.Read(7).Skip(first).Select(Text));
        reader.Load(7, 2).Should().Match<Batch>(b => Text(b) == Text(reader.Read(7).ElementAt(2)));
        FluentActions.Invoking(() => reader.Read(7, 4)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void The_last_partial_batch_is_dropped_or_kept()
    {
        Reader(small).Read(0).Select(b => b.BatchSize).Should().Equal(3, 3, 3);
        Reader(small with { DropLast = false }).Read(0).Select(b => b.BatchSize).Should().Equal(3, 3, 3, 1);
        Reader(small with { DropLast = false }).BatchesPerEpoch.Should().Be(4);
        Reader(small with { DropLast = false, BatchSize = 20 }).Read(0).Select(b => b.BatchSize).Should().Equal(10);
    }

    [Test]
    public void Every_epoch_takes_every_utterance_once()
    {
        BatchReader reader = Reader(small with { DropLast = false });
        for (int epoch = 0; epoch < 3; epoch++)
            reader.Read(epoch).SelectMany(b => b.Names).Should().BeEquivalentTo(corpus.Train.Select(u => u.Name));
    }

    [Test]
    public void Cuts_change_from_epoch_to_epoch_although_the_order_does_not()
    {
        BatchReader reader = Reader(small with { Shuffle = ShufflePolicy.Once });
        Batch[] first = [.. reader.Read(0)],
            second = [.. reader.Read(1)];
        second.SelectMany(b => b.Names).Should().Equal(first.SelectMany(b => b.Names));
        second.SelectMany(b => b.Starts).Should().NotEqual(first.SelectMany(b => b.Starts));
    }

    [Test]
    public void Whole_utterances_go_one_at_a_time()
    {
        BatchReader reader = Reader(
            new BatchOptions
            {
                Cut = CutPolicy.Full,
                BatchSize = 1,
                Shuffle = ShufflePolicy.None,
            }
        );
        reader.Read(0).Select(b => b.Samples).Should().Equal(corpus.Train.Select(u => u.Samples));
        FluentActions
            .Invoking(() => Reader(new BatchOptions { Cut = CutPolicy.Full }))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage(
                "Whole utterances (cut policy full) have different lengths and go through one at a time: the batch size must be 1 and is 4."
            );
    }

    [Test]
    public void Silent_sides_are_flagged()
    {
        Batch[] batches = [.. Reader(small with { MixInShare = 0.5, DropLast = false }).Read(0)];
        batches.SelectMany(b => b.MixedIn).Count(m => m).Should().Be(5);
        foreach (Batch batch in batches)
        {
            batch.SilentClean.Should().Equal(batch.MixedIn);
            batch.SilentNoisy.Should().OnlyContain(s => !s);
        }
        WavFile.WriteFloat32(folder["silent/noisy/s0.wav"], Enumerable.Repeat(1e-20f, 400).ToArray(), 16_000);
        Batch silent = new BatchReader(
            corpus.MixIn,
            new BatchOptions
            {
                BatchSize = 3,
                CutSamples = 100,
                Shuffle = ShufflePolicy.None,
            }
        ).Load(0, 0);
        silent.SilentNoisy.Should().Equal(true, false, false);
    }

    [Test]
    public void A_damaged_file_surfaces_where_its_batch_is_asked_for([Values(0, 2)] int workers)
    {
        BatchReader reader = Reader(small with { Workers = workers });
        string name = reader.Load(0, 1).Names[0];
        File.WriteAllText(folder[$"train/noisy/{name}.wav"], "damaged");
        var seen = new List<int>();
        reader
            .Invoking(r =>
            {
                foreach (Batch batch in r.Read(0))
                    seen.Add(batch.IndexInEpoch);
            })
            .Should()
            .Throw<AudioFileException>()
            .WithMessage($"*noisy/{name}.wav is not a WAV file*");
        seen.Should().Equal(0);
    }

    [Test]
    public void Reading_can_be_cancelled([Values(0, 2)] int workers)
    {
        using var stop = new CancellationTokenSource();
        var seen = new List<int>();
        Reader(small with { Workers = workers })
            .Invoking(r =>
            {
                foreach (Batch batch in r.Read(0, cancellation: stop.Token))
                {
                    seen.Add(batch.IndexInEpoch);
                    stop.Cancel();
                }
            })
            .Should()
            .Throw<OperationCanceledException>();
        seen.Should().Equal(0);
    }

    [Test]
    public void Nothing_goes_on_in_the_background_after_leaving_early()
    {
        // Long clips, so that others are still being loaded when the first batch is there.
        byte[] clip = new WavBytes { Data = new byte[400_000] }.ToArray();
        for (int i = 0; i < 6; i++)
            foreach (string side in new[] { "clean", "noisy" })
                folder.Write($"long/{side}/p{i}.wav", clip);
        IReadOnlyList<Utterance> utterances = PairedCorpus.OpenForEvaluation(folder["long"]).Test;
        for (int i = 0; i < 6; i++)
        {
            var reader = new BatchReader(utterances, small with { BatchSize = 1, Workers = 3, ReadAhead = 1 + (i % 3) });
            reader.Read(i).First().IndexInEpoch.Should().Be(0);
            reader.Pending.Should().Be(0);
        }
    }

    [Test]
    public void Impossible_options_are_refused_in_a_sentence()
    {
        FluentActions
            .Invoking(() => Reader(small with { BatchSize = 11 }))
            .Should()
            .Throw<CorpusException>()
            .WithMessage(
                "*train holds 10 utterance(s), fewer than one batch of 11: an epoch would have no step. Use a batch size of 10 or "
                    + "less, or add pairs."
            );
        void Refused(BatchOptions options, string text) =>
            FluentActions.Invoking(() => Reader(options)).Should().Throw<ArgumentException>().WithMessage(text);
        Refused(small with { BatchSize = 0 }, "A batch of 0 cuts cannot be read*");
        Refused(small with { CutSamples = 0 }, "A cut of 0 samples cannot be taken*");
        Refused(small with { Workers = -1 }, "-1 workers cannot read*");
        Refused(small with { ReadAhead = 0 }, "0 batches cannot be read ahead*");
        Refused(small with { MixInShare = double.NaN }, "data.mixInShare is NaN*");
        FluentActions
            .Invoking(() => new BatchReader(corpus.Train, small with { MixInShare = 0.1 }))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*there are no utterances to mix in.");
        FluentActions
            .Invoking(() => new BatchReader([], small))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("There are no utterances to read.*");
    }
}
