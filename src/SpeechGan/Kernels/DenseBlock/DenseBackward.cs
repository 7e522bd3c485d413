using System.Numerics;
using SpeechGan.Kernels.Lanes;
using SpeechGan.Kernels.Rows;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.DenseBlock;

/// <summary>One layer of a dense block, backward.</summary>
internal static unsafe class DenseBackward<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>
    /// Through PReLU and InstanceNorm: the gradient of the convolution's result as images whose border frames lie below, and the gradients
    /// of norm and slope.
    /// </summary>
    /// <param name="sizes">Sizes.</param>
    /// <param name="convolved">What the convolution gave.</param>
    /// <param name="norms">The layer's InstanceNorm.</param>
    /// <param name="slope">`[channels]`.</param>
    /// <param name="gradient">Of the layer's result; changed.</param>
    public static (DenseImages<T> Gradient, Tensor NormWeight, Tensor NormBias, Tensor Slope) ThroughNorm(
        DenseSizes sizes,
        Tensor convolved,
        DenseNorms<T> norms,
        T* slope,
        DenseImages<T> gradient
    )
    {
        var C = sizes.Channels;
        var parts = sizes.Parts;
        var z = TensorMemory.Pointer<T>(convolved);
        using PartialSums<T> sums = new(parts.Count, sizes.Batch * C),
            products = new(parts.Count, sizes.Batch * C),
            slopes = new(parts.Count, C);
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                var item = i / sizes.Frames;
                NormPReLURows<L, T, V>.Backward(
                    sizes.Bins,
                    C,
                    z + (i * sizes.Frame),
                    norms.Of(item),
                    slope,
                    gradient.Inside(item, i % sizes.Frames),
                    sums.Of(part) + (item * C),
                    products.Of(part) + (item * C),
                    slopes.Of(part)
                );
            }
        });
        // InstanceNorm's backward needs both sums over each item.
        Tensor sum = sums.Total(sizes.Batch, C),
            product = products.Total(sizes.Batch, C);
        using NativeArray<T> meanSum = new(sizes.Batch * C),
            meanProduct = new(sizes.Batch * C);
        var count = T.CreateTruncating(sizes.Positions);
        for (long k = 0; k < sizes.Batch * C; k++)
            (meanSum.Pointer[k], meanProduct.Pointer[k]) = (
                TensorMemory.Pointer<T>(sum)[k] / count,
                TensorMemory.Pointer<T>(product)[k] / count
            );
        T* meanSums = meanSum.Pointer,
            meanProducts = meanProduct.Pointer;
        var back = DenseImages<T>.Zeros(sizes, isBelow: true);
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                long item = i / sizes.Frames,
                    frame = i % sizes.Frames;
                NormBackRows<L, T, V>.Backward(
                    sizes.Bins,
                    C,
                    z + (i * sizes.Frame),
                    norms.Of(item),
                    gradient.Inside(item, frame),
                    meanSums + (item * C),
                    meanProducts + (item * C),
                    back.Inside(item, frame)
                );
            }
        });
        return (back, product.sum(dim: 0), sum.sum(dim: 0), slopes.Total(C));
    }

    /// <summary>Through the convolution: adds to the sources' gradients and gives the weight's, `[out, (layer + 1) * in, 2, 3]`.</summary>
    /// <param name="sizes">Sizes.</param>
    /// <param name="layer">From 0.</param>
    /// <param name="back">Gradient of the convolution's result.</param>
    /// <param name="weight">The layer's.</param>
    /// <param name="sources">The layer's sources, the oldest first.</param>
    /// <param name="gradients">Theirs, added to.</param>
    public static Tensor ThroughConvolution(
        DenseSizes sizes,
        int layer,
        DenseImages<T> back,
        T* weight,
        IReadOnlyList<DenseImages<T>> sources,
        IReadOnlyList<DenseImages<T>> gradients
    )
    {
        long C = sizes.Channels,
            tapSize = C * sizes.Tap;
        using var weights = DenseWeights<L, T, V>.Backward(sizes, layer, weight);
        var parts = sizes.Parts;
        using var sums = new PartialSums<T>(parts.Count, (layer + 1) * DenseSizes.FrameTaps * tapSize);
        parts.Run(part =>
        {
            var packing = MatrixProduct<L, T, V>.Packed(sizes.Bins, sizes.Tap);
            using var scratch = new Scratch<T>(packing);
            var packed = scratch.Take(packing);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                long item = i / sizes.Frames,
                    frame = i % sizes.Frames;
                for (var tap = 0; tap < DenseSizes.FrameTaps; tap++)
                {
                    var line = back.Line(item, frame + (tap == 0 ? 1L << layer : 0));
                    MatrixProduct<L, T, V>.Pack(sizes.Bins, sizes.Tap, line, C, 1, packed);
                    for (var source = 0; source <= layer; source++)
                    {
                        weights.Multiply(sizes.Bins, line, source, tap, gradients[layer - source].Inside(item, frame), true);
                        MatrixProduct<L, T, V>.Multiply(
                            C,
                            sizes.Tap,
                            sizes.Bins,
                            sources[layer - source].Inside(item, frame),
                            1,
                            C,
                            packed,
                            true,
                            sums.Of(part) + (((source * DenseSizes.FrameTaps) + tap) * tapSize),
                            sizes.Tap
                        );
                    }
                }
            }
        });
        // [source, frame tap, in, bin tap reversed, out] to [out, source * in, frame tap, bin tap].
        return sums.Total(layer + 1, DenseSizes.FrameTaps, C, DenseSizes.BinTaps, C)
            .flip(3)
            .permute(4, 0, 2, 1, 3)
            .reshape(C, (layer + 1) * C, DenseSizes.FrameTaps, DenseSizes.BinTaps)
            .contiguous();
    }
}
