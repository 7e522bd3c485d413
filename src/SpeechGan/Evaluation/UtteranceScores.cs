using SpeechGan.Data;
using SpeechGan.Metrics;

namespace SpeechGan.Evaluation;

/// <summary>Every score of one enhanced signal against its clean one, or the reason it has none.</summary>
public static class UtteranceScores
{
    /// <summary>Wide-band PESQ (P.862.2), MOS-LQO.</summary>
    public const string Pesq = "pesq_wb";

    /// <summary>Scale-invariant signal-to-distortion ratio, dB.</summary>
    public const string SiSdr = "si_sdr";

    /// <summary>Segmental signal-to-noise ratio, dB, on the scale of 16-bit samples.</summary>
    public const string SegmentalSnr = "ssnr";

    /// <summary>How far PESQ moves when noise at -60 dB is added to the enhanced signal, MOS.</summary>
    public const string PesqMoved = "pesq_wb_moved";

    /// <summary>An utterance whose PESQ moves further than this is unstable: its changes say little about the network.</summary>
    public const double UnstableFrom = 0.1;

    private const double SixteenBit = 32768;
    private const double FaintNoise = 1e-3;  // -60 dB
    private static readonly ulong NoiseStream = CounterRandom.Stream("faint-noise");

    /// <summary>The scores by name, in a fixed order.</summary>
    /// <param name="clean">16 kHz.</param>
    /// <param name="enhanced">16 kHz, as long.</param>
    public static IReadOnlyList<(string Name, MetricResult Result)> Of(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced)
    {
        var pesq = Metrics.Pesq.Score(clean, enhanced, RunConfig.SampleRate, PesqMode.WideBand);
        return
        [
            (Pesq, pesq),
            (SiSdr, Metrics.SiSdr.Score(ToDouble(clean, 1), ToDouble(enhanced, 1))),
            (SegmentalSnr, Metrics.SegmentalSnr.Score(ToDouble(clean, SixteenBit), ToDouble(enhanced, SixteenBit), RunConfig.SampleRate)),
            (PesqMoved, Moved(clean, enhanced, pesq)),
        ];
    }

    private static double[] ToDouble(ReadOnlySpan<float> signal, double scale)
    {
        var scaled = new double[signal.Length];
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = scale * signal[i];
        return scaled;
    }

    private static MetricResult Moved(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced, MetricResult pesq)
    {
        if (!pesq.TryGet(out var before))
            return pesq;
        double power = 0;
        foreach (var x in enhanced)
            power += (double)x * x;
        // Uniform noise of the given power: its half width is sqrt(3) times its root mean square.
        var width = Math.Sqrt(3 * power / enhanced.Length) * FaintNoise;
        var disturbed = new float[enhanced.Length];
        for (var i = 0; i < disturbed.Length; i++)
            disturbed[i] = (float)(enhanced[i] + (width * ((2 * CounterRandom.Double(0, NoiseStream, 0, i)) - 1)));
        var after = Metrics.Pesq.Score(clean, disturbed, RunConfig.SampleRate, PesqMode.WideBand);
        return after.TryGet(out var moved) ? MetricResult.Of(Math.Abs(moved - before)) : after;
    }
}
