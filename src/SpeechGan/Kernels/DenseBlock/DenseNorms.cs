using System.Numerics;
using SpeechGan.Kernels.Rows;

namespace SpeechGan.Kernels.DenseBlock;

/// <summary>A layer's InstanceNorm: a normalisation for each item.</summary>
internal sealed unsafe class DenseNorms<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NativeArray<T> memory;
    private readonly long channels;

    /// <summary>Makes them.</summary>
    /// <param name="sizes">Sizes.</param>
    /// <param name="mean">`[batch, channels]`.</param>
    /// <param name="variance">`[batch, channels]`.</param>
    /// <param name="weight">`[channels]`.</param>
    /// <param name="bias">`[channels]`.</param>
    /// <param name="eps">Added to the variance.</param>
    public DenseNorms(DenseSizes sizes, T* mean, T* variance, T* weight, T* bias, double eps)
    {
        channels = sizes.Channels;
        memory = new NativeArray<T>(4 * channels * sizes.Batch);
        for (long item = 0; item < sizes.Batch; item++)
            Of(item).Set(mean + (item * channels), variance + (item * channels), weight, bias, eps);
    }

    /// <summary>An item's.</summary>
    public ChannelNorm<T> Of(long item) => new(memory.Pointer + (4 * channels * item), channels);

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
