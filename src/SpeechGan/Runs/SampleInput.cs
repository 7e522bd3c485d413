namespace SpeechGan.Runs;

/// <summary>One sample as it was loaded, both sides in numbers: what was trained on, which need not be what lies on the disk.</summary>
public sealed record SampleInput
{
    /// <summary>Root mean square of the clean side, full scale 1.</summary>
    public required double CleanLevel { get; init; }

    /// <summary>Root mean square of the noisy side.</summary>
    public required double NoisyLevel { get; init; }

    /// <summary>Mean of the clean side.</summary>
    public required double CleanMean { get; init; }

    /// <summary>Mean of the noisy side.</summary>
    public required double NoisyMean { get; init; }

    /// <summary>Largest absolute value of the clean side.</summary>
    public required double CleanPeak { get; init; }

    /// <summary>Largest absolute value of the noisy side.</summary>
    public required double NoisyPeak { get; init; }

    /// <summary>Samples by which the noisy side is late, where the two agree best; absent where a side is silent.</summary>
    public int? Lag { get; init; }

    /// <summary>Correlation at that lag after pre-emphasis, 0 to 1.</summary>
    public double? Correlation { get; init; }

    /// <summary>Correlation without a lag.</summary>
    public double? Unshifted { get; init; }

    /// <summary>Range between loud and quiet frames of the noisy side less that of the clean side, dB: noise fills pauses, so that a sound
    /// pair has a value below 0.</summary>
    public double? RangeGained { get; init; }
}
