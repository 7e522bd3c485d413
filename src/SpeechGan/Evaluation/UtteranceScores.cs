using SpeechGan.Metrics;
using SpeechGan.Runs;

namespace SpeechGan.Evaluation;

/// <summary>Every score of one enhanced signal against its clean one, or the reason it has none.</summary>
public static class UtteranceScores
{
    /// <summary>Wide-band PESQ (P.862.2), MOS-LQO.</summary>
    public const string Pesq = RecordName.Pesq;

    /// <summary>Scale-invariant signal-to-distortion ratio, dB.</summary>
    public const string SiSdr = RecordName.SiSdr;

    /// <summary>Segmental signal-to-noise ratio, dB, on the scale of 16-bit samples.</summary>
    public const string SegmentalSnr = "ssnr";

    /// <summary>How far PESQ moves when noise at -60 dB is added to the enhanced signal, MOS.</summary>
    public const string PesqMoved = "pesq_wb_moved";

    /// <summary>An utterance whose PESQ moves further than this is unstable: its changes say little about the network.</summary>
    public const double UnstableFrom = PesqStability.UnstableFrom;

    /// <summary>The scores by name, on the 16-bit scale: all of <see cref="Metric.All"/> in its order, then
    /// <see cref="PesqMoved"/>.</summary>
    /// <param name="clean">16 kHz.</param>
    /// <param name="enhanced">16 kHz, as long.</param>
    public static IReadOnlyList<(string Name, MetricResult Result)> Of(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced)
    {
        var reference = new ScoreReference(clean, RunConfig.SampleRate);
        var scores = ScoreSet.Of(reference, enhanced);
        var moved = PesqStability.Moved(reference.WideBand, enhanced, scores[Metric.PesqWideBand]);
        return [.. scores.Results.Select(s => (s.Metric.Name, s.Result)), (PesqMoved, moved)];
    }
}
