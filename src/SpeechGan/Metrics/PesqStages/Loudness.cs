using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Loudness densities after Zwicker's law (section 12.3).</summary>
internal sealed class Loudness
{
    private readonly double[] _threshold;
    private readonly double[] _exponent;
    private readonly double[] _scale;

    internal Loudness(RateTable table)
    {
        _threshold = table.HearingThreshold;
        _exponent = table.LoudnessExponents();
        _scale = new double[table.Bands];
        for (int k = 0; k < _scale.Length; k++)
            _scale[k] = table.LoudnessScale * PortableMath.Pow(_threshold[k] / 0.5, _exponent[k]);
    }

    /// <summary>Loudness of every band; 0 where the power does not exceed the threshold of hearing.</summary>
    internal void Measure(ReadOnlySpan<float> power, Span<double> loudness)
    {
        for (int k = 0; k < power.Length; k++)
        {
            loudness[k] = power[k] > _threshold[k]
                ? _scale[k] * (PortableMath.Pow(0.5 + 0.5 * power[k] / _threshold[k], _exponent[k]) - 1.0)
                : 0.0;
        }
    }
}
