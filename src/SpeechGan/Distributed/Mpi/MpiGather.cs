namespace SpeechGan.Distributed.Mpi;

/// <summary>Gathers over one communicator, with memory of its own: one that was given up spoils no other.</summary>
/// <param name="library">The MPI.</param>
/// <param name="size">Ranks.</param>
/// <param name="communicator">Theirs.</param>
internal sealed unsafe class MpiGather(MpiLibrary library, int size, nint communicator)
{
    // Lengths and short messages travel in one round: the reports of a step are a few hundred bytes.
    private const int Letter = 2048,
        LetterContent = Letter - sizeof(int);

    private readonly NativeBuffer letter = new(),
        letters = new(),
        content = new(),
        contents = new(),
        numbers = new();

    /// <summary>What every rank gave, in their order.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">MPI says that a rank is gone.</exception>
    public byte[][] Run(ReadOnlySpan<byte> mine, TimeSpan deadline)
    {
        letter.Fit(Letter);
        letters.Fit((long)Letter * size);
        var own = letter.Span(0, Letter);
        own.Clear();
        BitConverter.TryWriteBytes(own, mine.Length);
        mine[..Math.Min(mine.Length, LetterContent)].CopyTo(own[sizeof(int)..]);
        nint request = 0;
        library.AllGather(letter.Pointer, Letter, letters.Pointer, communicator, &request);
        MpiRequest.Wait(library, &request, deadline);
        var lengths = new int[size];
        for (var rank = 0; rank < size; rank++)
            lengths[rank] = BitConverter.ToInt32(letters.Span((long)rank * Letter, sizeof(int)));
        return lengths.All(n => n <= LetterContent)
            ? [.. lengths.Select((n, rank) => letters.Span(((long)rank * Letter) + sizeof(int), n).ToArray())]
            : Long(mine, lengths, deadline);
    }

    /// <summary>Frees the memory: no request uses it any more.</summary>
    public void Free()
    {
        foreach (var buffer in new[] { letter, letters, content, contents, numbers })
            buffer.Free();
    }

    private byte[][] Long(ReadOnlySpan<byte> mine, int[] lengths, TimeSpan deadline)
    {
        var total = lengths.Sum(n => (long)n);
        if (total > int.MaxValue)
            throw new IOException($"the ranks exchange {total} bytes at once, and MPI counts to {int.MaxValue}");
        content.Fit(mine.Length);
        contents.Fit(total);
        numbers.Fit(2L * size * sizeof(int));
        mine.CopyTo(content.Span(0, mine.Length));
        int* counts = (int*)numbers.Pointer,
            places = counts + size;
        for (int rank = 0, at = 0; rank < size; at += lengths[rank++])
            (counts[rank], places[rank]) = (lengths[rank], at);
        nint request = 0;
        library.AllGather(content.Pointer, mine.Length, contents.Pointer, counts, places, communicator, &request);
        MpiRequest.Wait(library, &request, deadline);
        var all = new byte[size][];
        for (var rank = 0; rank < size; rank++)
            all[rank] = contents.Span(places[rank], lengths[rank]).ToArray();
        return all;
    }
}
