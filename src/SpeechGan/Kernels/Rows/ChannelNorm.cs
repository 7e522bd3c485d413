using System.Numerics;

namespace SpeechGan.Kernels.Rows;

/// <summary>A normalisation as scale and shift by channel, with what its backward pass needs, over memory of its caller.</summary>
/// <param name="memory">4 * channels numbers.</param>
/// <param name="channels">Channels.</param>
internal readonly unsafe struct ChannelNorm<T>(T* memory, long channels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Means, `[channels]`.</summary>
    public T* Mean { get; } = memory;

    /// <summary>1 / sqrt(variance + eps), `[channels]`.</summary>
    public T* Deviation { get; } = memory + channels;

    /// <summary>weight * deviation, `[channels]`.</summary>
    public T* Scale { get; } = memory + (2 * channels);

    /// <summary>bias - mean * scale, `[channels]`.</summary>
    public T* Shift { get; } = memory + (3 * channels);

    /// <summary>Fills it.</summary>
    public void Set(T* mean, T* variance, T* weight, T* bias, double eps)
    {
        for (long c = 0; c < channels; c++)
        {
            // In double: the rounding of a float32 square root would be the largest of the layer.
            var deviation = T.CreateTruncating(1 / Math.Sqrt(double.CreateTruncating(variance[c]) + eps));
            (Mean[c], Deviation[c], Scale[c]) = (mean[c], deviation, weight[c] * deviation);
            Shift[c] = bias[c] - (mean[c] * weight[c] * deviation);
        }
    }
}
