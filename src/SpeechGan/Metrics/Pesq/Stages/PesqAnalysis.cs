namespace SpeechGan.Metrics.PesqStages;

/// <summary>What the stages of one comparison found, for whoever wants to look behind the score. Stages not reached are null.</summary>
internal sealed class PesqAnalysis
{
    internal UnscorableReason? Failure { get; set; }
    internal string FailureDetail { get; set; } = "";
    internal Level ReferenceLevel { get; set; }
    internal Level DegradedLevel { get; set; }
    internal int ReferenceLength { get; set; }
    internal int DegradedLength { get; set; }
    internal ActivityEnvelope? ReferenceActivity { get; set; }
    internal ActivityEnvelope? DegradedActivity { get; set; }
    internal int CrudeDelay { get; set; }
    internal IReadOnlyList<AlignedUtterance>? AlignedUtterances { get; set; }
    internal IReadOnlyList<AlignedUtterance>? SplitUtterances { get; set; }
    internal FrameRange Frames { get; set; }
    internal int SilentFrames { get; set; }
    internal int SkippedFrames { get; set; }
    internal double[]? ReferenceAveragePower { get; set; }
    internal double[]? DegradedAveragePower { get; set; }
    internal double[]? AudiblePower { get; set; }
    internal double[]? SymmetricBefore { get; set; }
    internal double[]? AsymmetricBefore { get; set; }
    internal double[]? SymmetricAfter { get; set; }
    internal double[]? AsymmetricAfter { get; set; }
    internal IReadOnlyList<BadInterval> BadIntervals { get; set; } = [];
    internal double SymmetricIndicator { get; set; }
    internal double AsymmetricIndicator { get; set; }
    internal FftTally Transforms { get; } = new();
    internal float Raw { get; set; }
    internal float ListeningQuality { get; set; }

    internal int Longest => Math.Max(ReferenceLength, DegradedLength);

    internal PesqAnalysis Fail(UnscorableReason reason, string detail)
    {
        Failure = reason;
        FailureDetail = detail;
        return this;
    }
}
