using SpeechGan.Dsp;

namespace SpeechGan.Metrics;

/// <summary>
/// How far PESQ moves when noise 60 dB below the enhanced signal is added to it. That noise is inaudible: where PESQ jumps for it, its
/// alignment stands on an edge, and changes of that utterance's score say little.
/// </summary>
public static class PesqStability
{
    /// <summary>An utterance whose PESQ moves further than this, in MOS, is unstable.</summary>
    public const double UnstableFrom = 0.1;

    private const double FaintNoise = 1e-3; // -60 dB
    private static readonly ulong NoiseStream = CounterRandom.Stream("faint-noise");

    /// <summary>The distance in MOS; a reason where PESQ has no value with or without the noise.</summary>
    /// <param name="clean">Reference samples.</param>
    /// <param name="enhanced">Processed samples.</param>
    /// <param name="sampleRate">8000 or 16000 Hz.</param>
    /// <param name="mode">Narrow-band or wide-band.</param>
    /// <param name="pesq">PESQ of the pair in that mode.</param>
    public static MetricResult Moved(
        ReadOnlySpan<float> clean,
        ReadOnlySpan<float> enhanced,
        int sampleRate,
        PesqMode mode,
        MetricResult pesq
    ) => pesq.TryGet(out double before) ? Distance(before, Pesq.Score(clean, Disturbed(enhanced), sampleRate, mode)) : pesq;

    /// <summary>The same, bit by bit, where the clean signal is prepared.</summary>
    /// <param name="clean">The prepared clean signal.</param>
    /// <param name="enhanced">Processed samples.</param>
    /// <param name="pesq">PESQ of the pair in the mode of <paramref name="clean"/>.</param>
    public static MetricResult Moved(PesqReference clean, ReadOnlySpan<float> enhanced, MetricResult pesq)
    {
        ArgumentNullException.ThrowIfNull(clean);
        return pesq.TryGet(out double before) ? Distance(before, clean.Score(Disturbed(enhanced))) : pesq;
    }

    private static MetricResult Distance(double before, MetricResult after) =>
        after.TryGet(out double moved) ? MetricResult.Of(Math.Abs(moved - before)) : after;

    private static float[] Disturbed(ReadOnlySpan<float> enhanced)
    {
        double power = 0;
        foreach (float x in enhanced)
            power += (double)x * x;

        // Uniform noise of the given power: its half width is sqrt(3) times its root mean square.
        double width = Math.Sqrt(3 * power / enhanced.Length) * FaintNoise;
        float[] disturbed = new float[enhanced.Length];
        for (int i = 0; i < disturbed.Length; i++)
            disturbed[i] = (float)(enhanced[i] + width * (2 * CounterRandom.Double(0, NoiseStream, 0, i) - 1));
        return disturbed;
    }
}
