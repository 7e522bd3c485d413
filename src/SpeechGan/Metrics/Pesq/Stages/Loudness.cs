using System.Runtime.Intrinsics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Loudness densities after Zwicker's law (section 12.3 of docs/pesq-algorithm.md).</summary>
internal sealed class Loudness
{
    private const int Lanes = 4;

    // Padded to whole vectors; the threshold of a padding band is never exceeded.
    private readonly Vector256<double>[] threshold,
        exponent,
        scale;

    internal Loudness(RateTable table)
    {
        double[] exponents = table.LoudnessExponents();
        int vectors = (table.Bands + Lanes - 1) / Lanes;
        threshold = new Vector256<double>[vectors];
        exponent = new Vector256<double>[vectors];
        scale = new Vector256<double>[vectors];
        for (int v = 0; v < vectors; v++)
        {
            threshold[v] = Vector256.Create(double.PositiveInfinity);
            for (int lane = 0, k = v * Lanes; lane < Lanes && k < table.Bands; lane++, k++)
            {
                double t = table.HearingThreshold[k];
                threshold[v] = threshold[v].WithElement(lane, t);
                exponent[v] = exponent[v].WithElement(lane, exponents[k]);
                scale[v] = scale[v].WithElement(lane, table.LoudnessScale * PortableMath.Pow(t / 0.5, exponents[k]));
            }
        }
    }

    /// <summary>Number of values that <see cref="Measure"/> writes: the bands, padded to whole vectors.</summary>
    internal int PaddedBands => threshold.Length * Lanes;

    /// <summary>Loudness of every band; 0 where the power does not exceed the threshold of hearing.</summary>
    internal void Measure(ReadOnlySpan<float> power, Span<double> loudness)
    {
        Span<double> p = stackalloc double[PaddedBands];
        p[power.Length..].Clear();
        for (int k = 0; k < power.Length; k++)
            p[k] = power[k];
        Vector256<double> half = Vector256.Create(0.5);
        for (int v = 0; v < threshold.Length; v++)
        {
            Vector256<double> bands = Vector256.Create<double>(p.Slice(v * Lanes, Lanes)),
                t = threshold[v];
            Vector256<double> law = scale[v] * (PortableMath.Pow(half + half * bands / t, exponent[v]) - Vector256<double>.One);
            Vector256
                .ConditionalSelect(Vector256.GreaterThan(bands, t), law, Vector256<double>.Zero)
                .CopyTo(loudness.Slice(v * Lanes, Lanes));
        }
    }
}
