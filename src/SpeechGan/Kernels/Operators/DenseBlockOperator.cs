using System.Numerics;
using SpeechGan.Kernels.DenseBlock;
using SpeechGan.Kernels.Lanes;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// A dilated dense block: causal convolutions of 2 frames x 3 bins with dilations 1, 2, 4, 8 in time, each followed by InstanceNorm and
/// PReLU, each reading the block's input and all results before it, the newest first; `[batch, channels, frames, bins]` in and out. Kept:
/// the sources' images, what each convolution gave, its statistics.
/// </summary>
/// <param name="eps">InstanceNorm's constant.</param>
/// <remarks>The bias before InstanceNorm is taken out again by it: it is not added, and its gradient is exactly 0.</remarks>
internal sealed unsafe class DenseBlockOperator<L, T, V>(double eps) : KernelOperator
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const int PerLayer = DenseLayerTensors<T>.Count,
        Kept = 4;

    private DenseSizes sizes;

    public override string Name => "dense block";

    // The first source's images hold its numbers.
    public override bool Saves(int input) => input > 0;

    public override void Check(IReadOnlyList<Tensor> inputs)
    {
        Require(inputs[0].dim() == 4, $"takes [batch, channels, frames, bins], found {inputs[0].dim()} axes.");
        var s = new DenseSizes(inputs[0]);
        var count = inputs.Count - 1;
        Require(
            count % PerLayer == 0 && count / PerLayer is >= 1 and <= DenseSizes.MostLayers,
            $"takes {PerLayer} tensors for each of 1 to {DenseSizes.MostLayers} layers, found {count}."
        );
        Require(s.Positions > 1, $"InstanceNorm needs more than one position, found {s.Positions}.");
        for (var layer = 0; layer < count / PerLayer; layer++)
        {
            var of = inputs.Skip(1 + (layer * PerLayer)).Take(PerLayer).ToList();
            long[] expected = [s.Channels, (layer + 1) * s.Channels, DenseSizes.FrameTaps, DenseSizes.BinTaps];
            Require(
                of[0].shape.SequenceEqual(expected) && of.Skip(1).All(t => t.NumberOfElements == s.Channels),
                $"weights of layer {layer + 1} do not fit {s.Channels} channels."
            );
        }
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep)
    {
        var s = sizes = new DenseSizes(inputs[0]);
        var depth = (inputs.Count - 1) / PerLayer;
        var y = empty_like(inputs[0]);
        var sources = new List<DenseImages<T>> { DenseForward<L, T, V>.Read(s, inputs[0]) };
        for (var layer = 0; layer < depth; layer++)
        {
            var of = new DenseLayerTensors<T>(inputs, layer);
            var convolved = DenseForward<L, T, V>.Convolve(s, layer, sources, of.Weight);
            using var norms = Norms(s, of, convolved.Mean, convolved.Variance);
            keep?.AddRange([sources[layer].Memory, convolved.Result, convolved.Mean, convolved.Variance]);
            if (layer < depth - 1)
                sources.Add(DenseForward<L, T, V>.Activate(s, convolved.Result, norms, of.Slope));
            else
                DenseForward<L, T, V>.ActivateLast(s, convolved.Result, norms, of.Slope, y);
            if (keep is null)
                convolved.Result.Dispose(); // a long file's would otherwise stay until the end
        }
        return y;
    }

    public override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient)
    {
        var s = sizes;
        var depth = (inputs.Count - 1) / PerLayer;
        var results = new Tensor?[inputs.Count];
        var sources = Enumerable.Range(0, depth).Select(i => new DenseImages<T>(s, kept[i * Kept])).ToList();
        var gradients = Enumerable
            .Range(0, depth)
            .Select(_ => DenseImages<T>.Zeros(s))
            .Append(DenseForward<L, T, V>.Read(s, gradient))
            .ToList();
        for (var layer = depth - 1; layer >= 0; layer--)
        {
            using var scope = NewDisposeScope();
            var of = new DenseLayerTensors<T>(inputs, layer);
            using var norms = Norms(s, of, kept[(layer * Kept) + 2], kept[(layer * Kept) + 3]);
            var (back, normWeight, normBias, slope) = DenseBackward<L, T, V>.ThroughNorm(
                s,
                kept[(layer * Kept) + 1],
                norms,
                of.Slope,
                gradients[layer + 1]
            );
            gradients[layer + 1].Memory.Dispose();
            var weight = DenseBackward<L, T, V>.ThroughConvolution(s, layer, back, of.Weight, sources, gradients);
            Tensor[] found = [weight, TensorMemory.Zeros<T>(s.Channels), normWeight, normBias, slope];
            for (var k = 0; k < PerLayer; k++)
                results[1 + (layer * PerLayer) + k] = found[k].MoveToOuterDisposeScope();
        }
        results[0] = Input(s, gradients[0]);
        return results;
    }

    private DenseNorms<T> Norms(DenseSizes s, DenseLayerTensors<T> of, Tensor mean, Tensor variance) =>
        new(s, TensorMemory.Pointer<T>(mean), TensorMemory.Pointer<T>(variance), of.NormWeight, of.NormBias, eps);

    private static Tensor Input(DenseSizes s, DenseImages<T> images)
    {
        var gx = TensorMemory.Empty<T>(s.Batch, s.Channels, s.Frames, s.Bins);
        var to = TensorMemory.Pointer<T>(gx);
        var parts = s.Parts;
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
                DenseImages<T>.Write(s, images.Inside(i / s.Frames, i % s.Frames), i / s.Frames, i % s.Frames, to);
        });
        return gx;
    }
}
