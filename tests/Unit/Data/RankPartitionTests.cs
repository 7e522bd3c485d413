using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>What each of several processes reads: together exactly what one process with the larger batch reads, without a word
/// exchanged.</summary>
public sealed class RankPartitionTests
{
    [TestCase(2, 2, 11)]
    [TestCase(3, 1, 11)]
    [TestCase(2, 5, 10)]
    [TestCase(4, 2, 8)]
    public void Ranks_side_by_side_read_the_batches_of_one_process(int ranks, int size, int count)
    {
        using var folder = new TemporaryFolder();
        var utterances = Corpus(folder, count).Train;
        var whole = new BatchReader(utterances, Options() with { BatchSize = ranks * size });
        var parts = Enumerable
            .Range(0, ranks)
            .Select(r => new BatchReader(utterances, Options() with { BatchSize = size, Ranks = ranks, Rank = r }))
            .ToList();
        foreach (var part in parts)
            part.BatchesPerEpoch.Should().Be(whole.BatchesPerEpoch);
        for (var epoch = 1; epoch <= 3; epoch++)
        for (var i = 0; i < whole.BatchesPerEpoch; i++)
        {
            var expected = whole.Load(epoch, i);
            var found = parts.Select(p => p.Load(epoch, i)).ToList();
            found.SelectMany(b => b.Names).Should().Equal(expected.Names);
            found.SelectMany(b => b.Starts).Should().Equal(expected.Starts);
            found.SelectMany(b => b.Noisy).Should().Equal(expected.Noisy);
            found.Should().OnlyContain(b => b.IndexInEpoch == i && b.BatchSize == size);
        }
    }

    [Test]
    public void Too_few_utterances_for_all_ranks_get_a_sentence()
    {
        using var folder = new TemporaryFolder();
        var utterances = Corpus(folder, 5).Train;
        FluentActions
            .Invoking(() => new BatchReader(utterances, Options() with { BatchSize = 2, Ranks = 3 }))
            .Should()
            .Throw<CorpusException>()
            .WithMessage(
                "*holds 5 utterance(s), fewer than one batch of 2 for each of 3 processes: an epoch would have no step. Use a smaller "
                    + "data.batchSize or fewer processes, or add pairs."
            );
    }

    [TestCase(2, 2, "Rank 2 of 2 cannot read")]
    [TestCase(-1, 2, "Rank -1 of 2 cannot read")]
    [TestCase(0, 0, "Rank 0 of 0 cannot read")]
    public void A_rank_that_cannot_be_gets_a_sentence(int rank, int ranks, string sentence)
    {
        using var folder = new TemporaryFolder();
        var utterances = Corpus(folder, 4).Train;
        FluentActions
            .Invoking(() => new BatchReader(utterances, Options() with { BatchSize = 1, Rank = rank, Ranks = ranks }))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage(sentence + "*");
    }

    private static BatchOptions Options() =>
        new()
        {
            CutSamples = 400,
            Seed = 7,
            Workers = 0,
        };

    private static PairedCorpus Corpus(TemporaryFolder folder, int count)
    {
        folder.WritePair("valid", "v", 900);
        for (var i = 0; i < count; i++)
            folder.WritePair("train", $"u{i:D2}", 900 + (40 * i));
        return PairedCorpus.Open(folder.Path, new CorpusOptions());
    }
}
