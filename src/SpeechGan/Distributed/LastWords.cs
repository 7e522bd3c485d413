namespace SpeechGan.Distributed;

/// <summary>How a rank ends.</summary>
/// <param name="Code">Exit code; 0 where all is well.</param>
/// <param name="Sentence">What went wrong; null where nothing did.</param>
/// <param name="IsOwn">Whether it went wrong here: a rank that only heard of another's failure has no words of its own.</param>
internal sealed record LastWords(int Code, string? Sentence, bool IsOwn)
{
    /// <summary>The exit code of all ranks: that of the first failure, not of those who heard of it.</summary>
    public static int CodeOf(IReadOnlyList<LastWords> all) =>
        (all.FirstOrDefault(w => w.Code != 0 && w.IsOwn) ?? all.FirstOrDefault(w => w.Code != 0))?.Code ?? 0;

    /// <summary>What is told of it, each sentence once, with the rank whose it is where that is not rank 0.</summary>
    public static IReadOnlyList<string> ToTell(IReadOnlyList<LastWords> all)
    {
        var told = all.Select((words, rank) => (words, rank)).Where(w => w.words.Sentence is not null).ToList();
        if (told.Exists(w => w.words.IsOwn))
            told.RemoveAll(w => !w.words.IsOwn);
        return [.. told.DistinctBy(w => w.words.Sentence).Select(w => Label(w.rank, w.words.Sentence!))];
    }

    /// <summary>A sentence as a rank says it.</summary>
    public static string Label(int rank, string sentence) => rank == 0 ? $"speechgan: {sentence}" : $"rank {rank}: speechgan: {sentence}";
}
