using System.Numerics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Multiplies a signal's spectrum by a gain curve (section 4, `shape`): one transform over the whole signal and its tail, zero phase,
/// circular over the transform's length.
/// </summary>
internal static class SpectralGain
{
    /// <summary>The samples of <paramref name="block"/> under <paramref name="curve"/>, relative to the curve's gain at 1 kHz.</summary>
    internal static double[] Apply(ReadOnlySpan<float> block, GainCurve curve, int sampleRate)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)block.Length);
        RealFft fft = RealFft.For(size);
        double[] re = new double[fft.Bins], im = new double[fft.Bins], work = new double[fft.WorkspaceLength];
        for (int n = 0; n < block.Length; n++) ((n & 1) == 0 ? re : im)[n >> 1] = block[n];
        fft.ForwardPacked(re, im, work);

        double atKilohertz = curve.At(1000.0), step = (double)sampleRate / size;
        double lastDecibel = double.NaN, factor = 0;
        int segment = 0;
        for (int b = 0; b < fft.Bins; b++)
        {
            double decibel = curve.At(b * step, ref segment) - atKilohertz;
            if (decibel != lastDecibel)
            {
                factor = decibel == 0.0 ? 1.0 : PortableMath.Exp(decibel * 0.11512925464970229); // ln(10)/20
                lastDecibel = decibel;
            }

            re[b] *= factor;
            im[b] *= factor;
        }

        double[] shaped = new double[block.Length];
        fft.Inverse(re, im, shaped, work);
        return shaped;
    }
}
