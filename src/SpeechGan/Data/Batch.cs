namespace SpeechGan.Data;

/// <summary>Cuts of several utterances, of one length, side by side.</summary>
public sealed record Batch
{
    /// <summary>
    /// A cut none of whose samples exceeds this is silent: CMGAN's gain sqrt(samples / energy) would be infinite, or its square out of
    /// float32's range. -300 dB of full scale, far below the smallest step of 24 bits (-138 dB).
    /// </summary>
    public const float SilenceCeiling = 1e-15f;

    /// <summary>The clean side, [batch, samples] row-major.</summary>
    public required float[] Clean { get; init; }

    /// <summary>The noisy side, [batch, samples] row-major.</summary>
    public required float[] Noisy { get; init; }

    /// <summary>Number of cuts.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Samples of each cut.</summary>
    public required int Samples { get; init; }

    /// <summary>Each cut's utterance.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Each cut's first sample in its utterance.</summary>
    public required IReadOnlyList<int> Starts { get; init; }

    /// <summary>Whether each cut comes from the folder that is mixed in.</summary>
    public required IReadOnlyList<bool> MixedIn { get; init; }

    /// <summary>Whether each cut's clean side is silent: PESQ cannot score it.</summary>
    public required IReadOnlyList<bool> SilentClean { get; init; }

    /// <summary>Whether each cut's noisy side is silent: it cannot be normalised, and one such cut would ruin all weights. Skip
    /// it.</summary>
    public required IReadOnlyList<bool> SilentNoisy { get; init; }

    /// <summary>The epoch it belongs to.</summary>
    public required long Epoch { get; init; }

    /// <summary>Its place in the epoch, from 0.</summary>
    public required int IndexInEpoch { get; init; }

    internal static bool IsSilent(ReadOnlySpan<float> cut)
    {
        foreach (float sample in cut)
            if (MathF.Abs(sample) > SilenceCeiling)
                return false;
        return true;
    }
}
