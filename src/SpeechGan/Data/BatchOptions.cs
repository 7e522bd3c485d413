namespace SpeechGan.Data;

/// <summary>How utterances become batches.</summary>
public sealed record BatchOptions
{
    /// <summary>Cuts a batch.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>
    /// Processes that read one epoch together. Rank r's batch i is the r-th part of what one process with batches of
    /// <c>Ranks * BatchSize</c> reads as its batch i: a function of counters, so that nothing is exchanged.
    /// </summary>
    public int Ranks { get; init; } = 1;

    /// <summary>Which of them this is, from 0.</summary>
    public int Rank { get; init; }

    /// <summary>Which part of an utterance is cut out.</summary>
    public CutPolicy Cut { get; init; } = CutPolicy.Random;

    /// <summary>Samples of a cut; of no meaning for <see cref="CutPolicy.Full"/>.</summary>
    public int CutSamples { get; init; } = 32_000;

    /// <summary>The order of the utterances.</summary>
    public ShufflePolicy Shuffle { get; init; } = ShufflePolicy.EachEpoch;

    /// <summary>Whether the last batch is dropped where it is not full: yes for training, no for validation.</summary>
    public bool DropLast { get; init; } = true;

    /// <summary>Decides order, cuts and what is mixed in.</summary>
    public long Seed { get; init; }

    /// <summary>The share of an epoch's items that come from the folder that is mixed in, in [0, 1).</summary>
    public double MixInShare { get; init; }

    /// <summary>Batches loaded at the same time in the background; 0 loads each when it is asked for. It changes speed only.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Batches that may wait ready.</summary>
    public int ReadAhead { get; init; } = 4;
}
