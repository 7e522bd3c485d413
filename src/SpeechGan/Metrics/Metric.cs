namespace SpeechGan.Metrics;

/// <summary>A metric by its name in records, with what people need to read it.</summary>
/// <param name="Name">Its key in records and JSON.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Unit">What it is measured in.</param>
/// <param name="HigherIsBetter">Whether a larger value means better speech.</param>
/// <param name="Digits">Decimal places that are worth printing.</param>
public sealed record Metric(string Name, string Title, string Unit, bool HigherIsBetter, int Digits)
{
    /// <summary>Wide-band PESQ (P.862.2), 16 kHz only.</summary>
    public static Metric PesqWideBand { get; } = new("pesq_wb", "PESQ wb", "MOS-LQO", true, 4);

    /// <summary>Narrow-band PESQ (P.862 with P.862.1).</summary>
    public static Metric PesqNarrowBand { get; } = new("pesq_nb", "PESQ nb", "MOS-LQO", true, 4);

    /// <summary>Narrow-band PESQ on P.862's own scale, -0.5 to 4.5.</summary>
    public static Metric RawPesqNarrowBand { get; } = new("pesq_nb_raw", "P.862 raw", "MOS", true, 4);

    /// <summary>Predicted rating of signal distortion.</summary>
    public static Metric Csig { get; } = new("csig", "CSIG", "rating 1 to 5", true, 4);

    /// <summary>Predicted rating of background intrusiveness.</summary>
    public static Metric Cbak { get; } = new("cbak", "CBAK", "rating 1 to 5", true, 4);

    /// <summary>Predicted overall rating.</summary>
    public static Metric Covl { get; } = new("covl", "COVL", "rating 1 to 5", true, 4);

    /// <summary>Segmental signal-to-noise ratio.</summary>
    public static Metric SegmentalSnr { get; } = new("ssnr", "SSNR", "dB", true, 3);

    /// <summary>Weighted spectral slope distance.</summary>
    public static Metric WeightedSpectralSlope { get; } = new("wss", "WSS", "distance", false, 3);

    /// <summary>Log-likelihood ratio.</summary>
    public static Metric LogLikelihoodRatio { get; } = new("llr", "LLR", "ratio (ln)", false, 4);

    /// <summary>Short-time objective intelligibility.</summary>
    public static Metric Stoi { get; } = new("stoi", "STOI", "correlation", true, 4);

    /// <summary>Scale-invariant signal-to-distortion ratio.</summary>
    public static Metric SiSdr { get; } = new("si_sdr", "SI-SDR", "dB", true, 3);

    /// <summary>All of them, in the order of every output.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        PesqWideBand,
        PesqNarrowBand,
        RawPesqNarrowBand,
        Csig,
        Cbak,
        Covl,
        SegmentalSnr,
        WeightedSpectralSlope,
        LogLikelihoodRatio,
        Stoi,
        SiSdr,
    ];
}
