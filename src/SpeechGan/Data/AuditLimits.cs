namespace SpeechGan.Data;

/// <summary>The limits of an audit, one place, each with its reason.</summary>
internal static class AuditLimits
{
    /// <summary>Rate everything is resampled to, Hz.</summary>
    public const int SampleRate = 16_000;

    /// <summary>PESQ needs a quarter of a second (4000 samples at 16 kHz).</summary>
    public const double ShortestSeconds = 0.25;

    /// <summary>A frame whose level is below this, dB of full scale, is silent: the noise of 16 bits lies at -98, that of a quiet room
    /// recorded well at -75.</summary>
    public const double SilentDecibels = -80;

    /// <summary>A clean side that is silent for more than this share gives silent training cuts. Speech has pauses of a fifth to a
    /// half.</summary>
    public const double SilentShare = 0.8;

    /// <summary>Level of full scale from which on a sample may be clipped, and how many in a row are.</summary>
    public const float ClippedFrom = 0.999f;

    /// <summary>Samples at full scale in a row that make a clipped run: a peak that just touches it has one or two.</summary>
    public const int ClippedRun = 4;

    /// <summary>Share of clipped samples from which on it is a fault: 0.1 %, which is heard; below it is a note.</summary>
    public const double ClippedShare = 1e-3;

    /// <summary>A mean beyond this share of full scale, and beyond a tenth of the root mean square, is a DC offset.</summary>
    public const double Offset = 0.005;

    /// <summary>Share of the root mean square.</summary>
    public const double OffsetOfLevel = 0.1;

    /// <summary>A lag beyond this is a misalignment, seconds: half a millisecond moves a phase at 1 kHz by half a turn.</summary>
    public const double Lag = 0.0005;

    /// <summary>How much larger the correlation at the lag must be than at none: an echo of speech alone makes less.</summary>
    public const double LagGain = 1.2;

    /// <summary>Lags that are looked through, seconds.</summary>
    public const double LargestLag = 1.0;

    /// <summary>
    /// A noisy side whose correlation with its clean side is below this at every lag does not hold it: white noise at -10 dB leaves 0.3.
    /// Strangers in the bundled corpus come to 0.20 (two hums), its own pairs lie at 0.83 and more (tests/Unit/Data/PairAlignmentTests.cs
    /// prints both).
    /// </summary>
    public const double Unrelated = 0.25;

    /// <summary>A noisy side of another utterance is told by a correlation with that one beyond this.</summary>
    public const double Related = 0.4;

    /// <summary>Seconds of a file that are correlated, from its beginning.</summary>
    public const double Correlated = 8;

    /// <summary>Nothing in 16 bits is quieter, dB of full scale.</summary>
    public const double QuietestDecibels = -98;

    /// <summary>
    /// A band this far below the strongest one holds nothing of the recording, dB: what a resampler leaves above the old band lies at -100
    /// and below, the noise of 16 bits under speech at -70 and below (tests/Unit/Data/BandwidthTests.cs prints speech, and speech that ends
    /// at 4 kHz).
    /// </summary>
    public const double BandwidthDecibels = 60;

    /// <summary>Seconds that two recordings must share to be the same one; less where one of them is shorter.</summary>
    public const double LeastAlike = 1.0;

    /// <summary>Correlation of two envelopes from which on the samples are looked at. Cuts at any sample of one recording come to 0.94 and
    /// more, strangers to 0.64 (tests/Unit/Data/AuditLikenessTests.cs prints it).</summary>
    public const double AlikeEnvelopes = 0.85;

    /// <summary>Correlation of the samples from which on two recordings are one: cuts and scaled copies come to 0.99, strangers to
    /// 0.2.</summary>
    public const double Alike = 0.8;

    /// <summary>How much larger the noisy side's range between loud and quiet frames must be for the sides to be exchanged, dB: noise fills
    /// pauses and never deepens them.</summary>
    public const double ExchangedDecibels = 6;
}
