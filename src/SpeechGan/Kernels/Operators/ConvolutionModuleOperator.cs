using System.Numerics;
using SpeechGan.Kernels.Lanes;
using SpeechGan.Kernels.Rows;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// A conformer's convolution part: y = x + Wc swish(BN(depthwise(GLU(We LN(x) + be)))) + bc, x `[sequences, length, channels]`. Two passes
/// over the sequences, as BatchNorm's statistics are over all of them. Kept: x, the depthwise result, the statistics.
/// </summary>
/// <param name="eps">LayerNorm's constant.</param>
/// <param name="batchNorm">BatchNorm's statistics.</param>
internal sealed unsafe class ConvolutionModuleOperator<L, T, V>(double eps, BatchNormState batchNorm) : KernelOperator
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const int X = 0,
        NormWeight = 1,
        NormBias = 2,
        ExpandWeight = 3,
        ExpandBias = 4,
        TapWeight = 5,
        TapBias = 6,
        BatchWeight = 7,
        BatchBias = 8,
        ContractWeight = 9,
        ContractBias = 10;

    public override string Name => "convolution module";

    public override void Check(IReadOnlyList<Tensor> inputs)
    {
        Require(inputs[X].dim() == 3, $"takes [sequences, length, channels], found {inputs[X].dim()} axes.");
        var s = new Sizes(inputs);
        Require(
            s.Taps % 2 == 1
                && Count(ExpandWeight) == 2 * s.Gated * s.Channels
                && Count(ExpandBias) == 2 * s.Gated
                && Count(TapWeight) == s.Gated * s.Taps
                && Count(TapBias) == s.Gated
                && Count(BatchWeight) == s.Gated
                && Count(BatchBias) == s.Gated
                && Count(ContractWeight) == s.Channels * s.Gated
                && Count(ContractBias) == s.Channels
                && Count(NormWeight) == s.Channels
                && Count(NormBias) == s.Channels
                && batchNorm.Mean.NumberOfElements == s.Gated
                && batchNorm.Variance.NumberOfElements == s.Gated,
            $"weights do not fit {s.Channels} channels and {s.Gated} gated ones."
        );
        Require(
            batchNorm.Mean.dtype == inputs[X].dtype,
            $"BatchNorm's statistics are {batchNorm.Mean.dtype}, argument 0 {inputs[X].dtype}."
        );
        Require(!batchNorm.IsTraining || s.Positions > 1, $"BatchNorm in training needs more than one position, found {s.Positions}.");

        long Count(int which) => inputs[which].NumberOfElements;
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep)
    {
        var s = new Sizes(inputs);
        var y = empty_like(inputs[X]);
        var z = TensorMemory.Empty<T>(s.Sequences, s.Length, s.Gated);
        Tensor mean = batchNorm.Mean,
            variance = batchNorm.Variance;
        var training = batchNorm.IsTraining;
        using NativeArray<T> means = new(training ? s.Sequences * s.Gated : 0),
            squares = new(training ? s.Sequences * s.Gated : 0);
        Depthwise(s, inputs, z, training ? means.Pointer : null, squares.Pointer);
        if (training)
        {
            (mean, variance) = (TensorMemory.Empty<T>(s.Gated), TensorMemory.Empty<T>(s.Gated));
            GroupMoments.Join(s.Sequences, s.Length, s.Gated, means.Pointer, squares.Pointer, P(mean), P(variance));
            batchNorm.Move(mean, variance, s.Positions);
        }
        using var memory = new NativeArray<T>(4 * s.Gated);
        Contract(s, inputs, z, Norm(s, inputs, memory, mean, variance), y);
        keep?.AddRange([z, mean.clone(), variance.clone()]); // copies: in evaluation they are the running ones, which may move
        return y;
    }

    public override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient)
    {
        var s = new Sizes(inputs);
        Tensor z = kept[0],
            gu = empty_like(z),
            gx = empty_like(inputs[X]);
        long C = s.Channels,
            W = s.Gated;
        using var memory = new NativeArray<T>(4 * W);
        var norm = Norm(s, inputs, memory, kept[1], kept[2]);
        var parts = new Parts(s.Sequences);
        using PartialSums<T> gcontract = new(parts.Count, C * W),
            gcontractBias = new(parts.Count, C),
            sums = new(parts.Count, W),
            products = new(parts.Count, W);
        BackToNorm(s, inputs, z, norm, gradient, gu, (gcontract, gcontractBias, sums, products));

        using NativeArray<T> meanSum = new(W),
            meanProduct = new(W);
        Tensor gbatchBias = sums.Total(W),
            gbatchWeight = products.Total(W);
        // In evaluation the statistics are constants, and nothing comes back through them.
        var over = T.CreateTruncating(batchNorm.IsTraining ? 1.0 / s.Positions : 0);
        for (long c = 0; c < W; c++)
            (meanSum.Pointer[c], meanProduct.Pointer[c]) = (P(gbatchBias)[c] * over, P(gbatchWeight)[c] * over);

        using PartialSums<T> gnorm = new(parts.Count, C),
            gnormBias = new(parts.Count, C),
            gexpand = new(parts.Count, 2 * W * C),
            gexpandBias = new(parts.Count, 2 * W),
            gtaps = new(parts.Count, s.Taps * W),
            gtapBias = new(parts.Count, W);
        T* x = P(inputs[X]),
            pz = P(z),
            pgu = P(gu),
            gy = P(gradient),
            to = P(gx),
            means = meanSum.Pointer,
            meanProducts = meanProduct.Pointer;
        T* normWeight = P(inputs[NormWeight]),
            expandBias = P(inputs[ExpandBias]);
        using var taps = Taps(s, inputs);
        var tap = taps.Pointer;
        using var gate = new Gate(s, inputs, eps);
        using var expandBack = PackedMatrix<L, T, V>.Of(2 * W, C, P(inputs[ExpandWeight]));
        parts.Run(part =>
        {
            var n = s.Length;
            var packing = MatrixProduct<L, T, V>.Packed(n, C);
            using var scratch = new Scratch<T>((n * ((2 * C) + (3 * W) + 2)) + (2 * s.PaddedSize) + packing);
            T* normed = scratch.Take(n * C),
                u = scratch.Take(2 * n * W),
                mean = scratch.Take(n),
                scale = scratch.Take(n),
                gg = scratch.Take(n * W),
                gnormed = scratch.Take(n * C),
                packed = scratch.Take(packing),
                g = scratch.TakeZeros(s.PaddedSize) + s.Padding,
                gz = scratch.TakeZeros(s.PaddedSize) + s.Padding;
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                gate.Run(x + (i * n * C), normed, mean, scale, u, g);
                NormBackRows<L, T, V>.Backward(n, W, pz + (i * n * W), norm, pgu + (i * n * W), means, meanProducts, gz);
                DepthwiseRows<L, T, V>.Backward(n, W, s.Taps, g, tap, gz, gg, gtaps.Of(part), gtapBias.Of(part));
                GateRows<L, T, V>.Backward(n, W, u, expandBias, gg, gexpandBias.Of(part));
                WeightGradient<L, T, V>.Add(n, 2 * W, u, 2 * W, C, normed, C, packed, gexpand.Of(part));
                expandBack.Multiply(n, u, 2 * W, gnormed, C);
                LayerNormRows<L, T, V>.Backward(
                    n,
                    C,
                    x + (i * n * C),
                    mean,
                    scale,
                    normWeight,
                    gnormed,
                    gy + (i * n * C),
                    to + (i * n * C),
                    gnorm.Of(part),
                    gnormBias.Of(part)
                );
            }
        });
        return
        [
            gx,
            gnorm.Total(C),
            gnormBias.Total(C),
            gexpand.Total(inputs[ExpandWeight].shape),
            gexpandBias.Total(2 * W),
            gtaps.Total(s.Taps, W).t().contiguous().view(inputs[TapWeight].shape),
            gtapBias.Total(W),
            gbatchWeight,
            gbatchBias,
            gcontract.Total(inputs[ContractWeight].shape),
            gcontractBias.Total(C),
        ];
    }

    private static T* P(Tensor tensor) => TensorMemory.Pointer<T>(tensor);

    /// <summary>First pass: the depthwise result, and in training each sequence's moments.</summary>
    private void Depthwise(Sizes s, IReadOnlyList<Tensor> inputs, Tensor z, T* means, T* squares)
    {
        T* x = P(inputs[X]),
            to = P(z),
            bias = P(inputs[TapBias]);
        using var taps = Taps(s, inputs);
        var tap = taps.Pointer;
        using var gate = new Gate(s, inputs, eps);
        var parts = new Parts(s.Sequences);
        parts.Run(part =>
        {
            long n = s.Length,
                C = s.Channels,
                W = s.Gated;
            using var scratch = new Scratch<T>((n * (C + (2 * W) + 2)) + s.PaddedSize);
            T* normed = scratch.Take(n * C),
                u = scratch.Take(2 * n * W),
                mean = scratch.Take(n),
                scale = scratch.Take(n),
                g = scratch.TakeZeros(s.PaddedSize) + s.Padding;
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                gate.Run(x + (i * n * C), normed, mean, scale, u, g);
                DepthwiseRows<L, T, V>.Forward(n, W, s.Taps, g, tap, bias, to + (i * n * W));
                if (means != null)
                    MomentRows<L, T, V>.Of(n, W, to + (i * n * W), means + (i * W), squares + (i * W));
            }
        });
    }

    /// <summary>Second pass: BatchNorm, Swish, contraction, residual.</summary>
    private static void Contract(Sizes s, IReadOnlyList<Tensor> inputs, Tensor z, ChannelNorm<T> norm, Tensor y)
    {
        T* x = P(inputs[X]),
            from = P(z),
            to = P(y),
            bias = P(inputs[ContractBias]);
        using var contract = PackedMatrix<L, T, V>.OfTransposed(s.Gated, s.Channels, P(inputs[ContractWeight]));
        var parts = new Parts(s.Sequences);
        parts.Run(part =>
        {
            long n = s.Length,
                C = s.Channels,
                W = s.Gated;
            using var scratch = new Scratch<T>(n * (C + W));
            T* a = scratch.Take(n * W),
                branch = scratch.Take(n * C);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                NormSwishRows<L, T, V>.Forward(n, W, from + (i * n * W), norm.Scale, norm.Shift, a);
                contract.Multiply(n, a, W, branch, C);
                ResidualRows<L, T, V>.Forward(n, C, x + (i * n * C), branch, bias, T.One, Dropout<T>.None, to + (i * n * C));
            }
        });
    }

    /// <summary>Back to BatchNorm's result; its own backward needs two sums over everything.</summary>
    private static void BackToNorm(
        Sizes s,
        IReadOnlyList<Tensor> inputs,
        Tensor z,
        ChannelNorm<T> norm,
        Tensor gradient,
        Tensor gu,
        (PartialSums<T> Weight, PartialSums<T> Bias, PartialSums<T> Sums, PartialSums<T> Products) add
    )
    {
        T* from = P(z),
            gy = P(gradient),
            to = P(gu);
        using var contractBack = PackedMatrix<L, T, V>.Of(s.Channels, s.Gated, P(inputs[ContractWeight]));
        var parts = new Parts(s.Sequences);
        parts.Run(part =>
        {
            long n = s.Length,
                C = s.Channels,
                W = s.Gated,
                packing = MatrixProduct<L, T, V>.Packed(n, W);
            using var scratch = new Scratch<T>((n * (C + W)) + packing);
            T* branch = scratch.Take(n * C),
                a = scratch.Take(n * W),
                packed = scratch.Take(packing);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                var ga = to + (i * n * W);
                ResidualRows<L, T, V>.Backward(n, C, gy + (i * n * C), T.One, Dropout<T>.None, branch, add.Bias.Of(part));
                contractBack.Multiply(n, branch, C, ga, W);
                NormSwishRows<L, T, V>.Backward(n, W, from + (i * n * W), norm, ga, a, add.Sums.Of(part), add.Products.Of(part));
                WeightGradient<L, T, V>.Add(n, C, branch, C, W, a, W, packed, add.Weight.Of(part));
            }
        });
    }

    private ChannelNorm<T> Norm(Sizes s, IReadOnlyList<Tensor> inputs, NativeArray<T> memory, Tensor mean, Tensor variance)
    {
        var norm = new ChannelNorm<T>(memory.Pointer, s.Gated);
        norm.Set(P(mean), P(variance), P(inputs[BatchWeight]), P(inputs[BatchBias]), batchNorm.Eps);
        return norm;
    }

    /// <summary>The taps as the kernels read them, `[taps, channels]`.</summary>
    private static NativeArray<T> Taps(Sizes s, IReadOnlyList<Tensor> inputs)
    {
        var taps = new NativeArray<T>(s.Taps * s.Gated);
        var weight = P(inputs[TapWeight]);
        for (long c = 0; c < s.Gated; c++)
        for (long k = 0; k < s.Taps; k++)
            taps.Pointer[(k * s.Gated) + c] = weight[(c * s.Taps) + k];
        return taps;
    }

    private readonly struct Sizes(IReadOnlyList<Tensor> inputs)
    {
        public long Sequences { get; } = inputs[X].size(0);

        public long Length { get; } = inputs[X].size(1);

        public long Channels { get; } = inputs[X].size(2);

        public long Gated { get; } = inputs[TapWeight].size(0);

        public long Taps { get; } = inputs[TapWeight].size(2);

        public long Positions => Sequences * Length;

        /// <summary>Numbers of zeros before and after a sequence.</summary>
        public long Padding => Taps / 2 * Gated;

        public long PaddedSize => (Length * Gated) + (2 * Padding);
    }

    /// <summary>LayerNorm, expansion and gate of a sequence.</summary>
    private sealed class Gate(Sizes s, IReadOnlyList<Tensor> inputs, double eps) : IDisposable
    {
        private readonly PackedMatrix<L, T, V> expand = PackedMatrix<L, T, V>.OfTransposed(
            s.Channels,
            2 * s.Gated,
            P(inputs[ExpandWeight])
        );
        private readonly T* weight = P(inputs[NormWeight]),
            normBias = P(inputs[NormBias]),
            bias = P(inputs[ExpandBias]);

        /// <summary>The gated values go to g `[length, gated]`; the expansion stays in u.</summary>
        public void Run(T* x, T* normed, T* mean, T* scale, T* u, T* g)
        {
            LayerNormRows<L, T, V>.Forward(s.Length, s.Channels, x, weight, normBias, T.CreateTruncating(eps), normed, mean, scale);
            expand.Multiply(s.Length, normed, s.Channels, u, 2 * s.Gated);
            GateRows<L, T, V>.Forward(s.Length, s.Gated, u, bias, g);
        }

        public void Dispose() => expand.Dispose();
    }
}
