namespace SpeechGan.Runs;

/// <summary>Names that stand in records, written and read in many rooms.</summary>
public static class RecordName
{
    /// <summary>The part of a corpus on which `best` is chosen.</summary>
    public const string Valid = "valid";

    /// <summary>The part that chooses nothing.</summary>
    public const string Test = "test";

    /// <summary>Wide-band PESQ (P.862.2).</summary>
    public const string Pesq = "pesq_wb";

    /// <summary>Scale-invariant signal-to-distortion ratio in dB.</summary>
    public const string SiSdr = "si_sdr";
}
