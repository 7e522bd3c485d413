using System.Runtime.Intrinsics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Loudness densities after Zwicker's law (section 12.3 of docs/pesq-algorithm.md).</summary>
internal sealed class Loudness
{
    private const int Lanes = 4;

    // Padded to whole vectors; the threshold of a padding band is never exceeded.
    private readonly Vector256<double>[] _threshold,
        _exponent,
        _scale;

    internal Loudness(RateTable table)
    {
        double[] exponents = table.LoudnessExponents();
        int vectors = (table.Bands + Lanes - 1) / Lanes;
        _threshold = new Vector256<double>[vectors];
        _exponent = new Vector256<double>[vectors];
        _scale = new Vector256<double>[vectors];
        for (int v = 0; v < vectors; v++)
        {
            _threshold[v] = Vector256.Create(double.PositiveInfinity);
            for (int lane = 0, k = v * Lanes; lane < Lanes && k < table.Bands; lane++, k++)
            {
                double t = table.HearingThreshold[k];
                _threshold[v] = _threshold[v].WithElement(lane, t);
                _exponent[v] = _exponent[v].WithElement(lane, exponents[k]);
                _scale[v] = _scale[v].WithElement(lane, table.LoudnessScale * PortableMath.Pow(t / 0.5, exponents[k]));
            }
        }
    }

    /// <summary>Number of values that <see cref="Measure"/> writes: the bands, padded to whole vectors.</summary>
    internal int PaddedBands => _threshold.Length * Lanes;

    /// <summary>Loudness of every band; 0 where the power does not exceed the threshold of hearing.</summary>
    internal void Measure(ReadOnlySpan<float> power, Span<double> loudness)
    {
        Span<double> p = stackalloc double[PaddedBands];
        p[power.Length..].Clear();
        for (int k = 0; k < power.Length; k++)
            p[k] = power[k];
        Vector256<double> half = Vector256.Create(0.5);
        for (int v = 0; v < _threshold.Length; v++)
        {
            Vector256<double> bands = Vector256.Create<double>(p.Slice(v * Lanes, Lanes)),
                t = _threshold[v];
            Vector256<double> law = _scale[v] * (PortableMath.Pow(half + half * bands / t, _exponent[v]) - Vector256<double>.One);
            Vector256
                .ConditionalSelect(Vector256.GreaterThan(bands, t), law, Vector256<double>.Zero)
                .CopyTo(loudness.Slice(v * Lanes, Lanes));
        }
    }
}
