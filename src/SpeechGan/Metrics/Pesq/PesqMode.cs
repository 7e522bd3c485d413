namespace SpeechGan.Metrics;

/// <summary>The two variants of PESQ.</summary>
public enum PesqMode
{
    /// <summary>Narrow-band (ITU-T P.862 with the mapping of P.862.1), 8 or 16 kHz.</summary>
    NarrowBand,

    /// <summary>Wide-band (ITU-T P.862.2), 16 kHz only.</summary>
    WideBand,
}
