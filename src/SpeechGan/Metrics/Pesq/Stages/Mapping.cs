using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// From the raw score to MOS-LQO (section 16 of docs/pesq-algorithm.md; P.862.1 narrow-band, P.862.2 wide-band), in single precision.
/// </summary>
internal static class Mapping
{
    internal static float ToListeningQuality(float raw, PesqMode mode)
    {
        float exponent = mode == PesqMode.WideBand ? -1.3669f * raw + 3.8224f : -1.4945f * raw + 4.6607f;
        float e = (float)PortableMath.Exp(exponent);
        return 0.999f + 4.0f / (1.0f + e);
    }
}
