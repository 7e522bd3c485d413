using System.Numerics;
using SpeechGan.Kernels.Lanes;
using SpeechGan.Kernels.Rows;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.DenseBlock;

/// <summary>One layer of a dense block, forward.</summary>
internal static unsafe class DenseForward<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>The block's input as images.</summary>
    public static DenseImages<T> Read(DenseSizes sizes, Tensor x)
    {
        var images = DenseImages<T>.Zeros(sizes);
        var from = TensorMemory.Pointer<T>(x);
        var parts = sizes.Parts;
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
                images.Read(from, i / sizes.Frames, i % sizes.Frames);
        });
        return images;
    }

    /// <summary>The convolution of all results so far, the newest first, and the moments of what it gives.</summary>
    /// <remarks>Its bias is left out: InstanceNorm would take it out again.</remarks>
    public static DenseConvolved Convolve(DenseSizes sizes, int layer, IReadOnlyList<DenseImages<T>> sources, T* weight)
    {
        long C = sizes.Channels,
            groups = sizes.Batch * sizes.Frames;
        Tensor z = TensorMemory.Empty<T>(sizes.Batch, sizes.Frames, sizes.Bins, C),
            mean = TensorMemory.Empty<T>(sizes.Batch, C),
            variance = TensorMemory.Empty<T>(sizes.Batch, C);
        using var weights = DenseWeights<L, T, V>.Forward(sizes, layer, weight);
        using NativeArray<T> means = new(groups * C),
            squares = new(groups * C);
        T* to = TensorMemory.Pointer<T>(z),
            m = means.Pointer,
            q = squares.Pointer;
        var parts = sizes.Parts;
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                long item = i / sizes.Frames,
                    frame = i % sizes.Frames;
                for (var source = 0; source <= layer; source++)
                for (var tap = 0; tap < DenseSizes.FrameTaps; tap++)
                    weights.Multiply(
                        sizes.Bins,
                        sources[layer - source].Line(item, frame - (tap == 0 ? 1L << layer : 0)),
                        source,
                        tap,
                        to + (i * sizes.Frame),
                        source + tap > 0
                    );
                MomentRows<L, T, V>.Of(sizes.Bins, C, to + (i * sizes.Frame), m + (i * C), q + (i * C));
            }
        });
        for (long item = 0; item < sizes.Batch; item++)
        {
            var first = item * sizes.Frames * C;
            GroupMoments.Join(
                sizes.Frames,
                sizes.Bins,
                C,
                m + first,
                q + first,
                TensorMemory.Pointer<T>(mean) + (item * C),
                TensorMemory.Pointer<T>(variance) + (item * C)
            );
        }
        return new DenseConvolved(z, mean, variance);
    }

    /// <summary>InstanceNorm and PReLU into the images of the next source.</summary>
    public static DenseImages<T> Activate(DenseSizes sizes, Tensor z, DenseNorms<T> norms, T* slope)
    {
        var images = DenseImages<T>.Zeros(sizes);
        var from = TensorMemory.Pointer<T>(z);
        var parts = sizes.Parts;
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                var norm = norms.Of(i / sizes.Frames);
                NormPReLURows<L, T, V>.Forward(
                    sizes.Bins,
                    sizes.Channels,
                    from + (i * sizes.Frame),
                    norm.Scale,
                    norm.Shift,
                    slope,
                    images.Inside(i / sizes.Frames, i % sizes.Frames)
                );
            }
        });
        return images;
    }

    /// <summary>The same for the last layer: the block's result, `[batch, channels, frames, bins]`.</summary>
    public static void ActivateLast(DenseSizes sizes, Tensor z, DenseNorms<T> norms, T* slope, Tensor y)
    {
        T* from = TensorMemory.Pointer<T>(z),
            to = TensorMemory.Pointer<T>(y);
        var parts = sizes.Parts;
        parts.Run(part =>
        {
            using var scratch = new Scratch<T>(sizes.Frame);
            var rows = scratch.Take(sizes.Frame);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                var norm = norms.Of(i / sizes.Frames);
                NormPReLURows<L, T, V>.Forward(sizes.Bins, sizes.Channels, from + (i * sizes.Frame), norm.Scale, norm.Shift, slope, rows);
                DenseImages<T>.Write(sizes, rows, i / sizes.Frames, i % sizes.Frames, to);
            }
        });
    }
}

/// <summary>What a layer's convolution gave.</summary>
/// <param name="Result">Channels last, no border: `[batch, frames, bins, channels]`.</param>
/// <param name="Mean">`[batch, channels]`.</param>
/// <param name="Variance">Biased, `[batch, channels]`.</param>
internal sealed record DenseConvolved(Tensor Result, Tensor Mean, Tensor Variance);
