namespace SpeechGan.Metrics;

/// <summary>Which of PESQ's variants are computed.</summary>
public enum PesqModes
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>Narrow-band only; the composite measures, which need the other, have no value.</summary>
    NarrowBand,

    /// <summary>Wide-band only.</summary>
    WideBand,
}

/// <summary>The conventions of a <see cref="ScoreSet"/>; they belong beside every score.</summary>
public sealed record ScoreOptions
{
    /// <summary>16-bit scale, both variants of PESQ.</summary>
    public static ScoreOptions Default { get; } = new();

    /// <summary>The scale on which segmental SNR, WSS and with them CSIG, CBAK and COVL see the samples.</summary>
    public MetricScale Scale { get; init; } = MetricScale.Int16;

    /// <summary>Which of PESQ's variants are computed.</summary>
    public PesqModes Modes { get; init; } = PesqModes.Both;
}
