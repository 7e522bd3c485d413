namespace SpeechGan.Data;

/// <summary>What to do with a pair whose sides have different lengths (<c>data.onLengthMismatch</c>).</summary>
public enum LengthMismatchPolicy
{
    /// <summary>Refuse the corpus: cutting silently would hide a misalignment.</summary>
    Refuse,

    /// <summary>Cut the longer side's end off; the corpus' notes tell for how many pairs.</summary>
    CutToShorter,
}

/// <summary>How a corpus is read. Every value has the default that changes nothing silently.</summary>
public sealed record CorpusOptions
{
    /// <summary>The rate that clips are resampled to, in Hz.</summary>
    public int SampleRate { get; init; } = 16_000;

    /// <summary>What to do with files of several channels.</summary>
    public ChannelPolicy Channel { get; init; } = ChannelPolicy.Refuse;

    /// <summary>What to do with pairs of different lengths.</summary>
    public LengthMismatchPolicy OnLengthMismatch { get; init; } = LengthMismatchPolicy.Refuse;

    /// <summary>Decides which utterances are held out where there is no <c>valid</c> folder.</summary>
    public long Seed { get; init; }

    /// <summary>The share of <c>train</c> that is then held out, in (0, 1); at least one utterance.</summary>
    public double HoldOutShare { get; init; } = 0.1;

    /// <summary>A further folder of the corpus that is mixed into training (<c>data.mixIn</c>); empty for none.</summary>
    public string MixIn { get; init; } = "";

    /// <summary>The share of an epoch's items that come from there (<c>data.mixInShare</c>), in [0, 1).</summary>
    public double MixInShare { get; init; }

    /// <summary>Decoded pairs are kept in memory up to this many bytes; 0 keeps none. It changes speed only.</summary>
    public long CacheBytes { get; init; }
}
