using System.Numerics;
using SpeechGan.Kernels.Lanes;
using SpeechGan.Kernels.Rows;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// A conformer's half-step feed forward: y = x + 1/2 drop(W2 drop(swish(W1 LN(x) + b1)) + b2), x `[..., channels]`. Only x is kept: the
/// hidden values, four times as many, are made again block by block in the cache.
/// </summary>
/// <param name="eps">LayerNorm's constant.</param>
/// <param name="dropout">Probability.</param>
/// <param name="seed">Of this call's dropout.</param>
internal sealed unsafe class FeedForwardOperator<L, T, V>(double eps, double dropout, long seed) : KernelOperator
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const int X = 0,
        NormWeight = 1,
        NormBias = 2,
        ExpandWeight = 3,
        ExpandBias = 4,
        ContractWeight = 5,
        ContractBias = 6;
    private static readonly T Half = T.CreateTruncating(0.5);

    public override string Name => "feed forward";

    public override void Check(IReadOnlyList<Tensor> inputs)
    {
        var s = new Sizes(inputs);
        Require(
            inputs[ExpandWeight].shape is [_, var c]
                && c == s.Channels
                && inputs[ContractWeight].shape is [var d, var h]
                && d == s.Channels
                && h == s.Hidden
                && inputs[NormWeight].NumberOfElements == s.Channels
                && inputs[NormBias].NumberOfElements == s.Channels
                && inputs[ExpandBias].NumberOfElements == s.Hidden
                && inputs[ContractBias].NumberOfElements == s.Channels,
            $"weights do not fit {s.Channels} channels and {s.Hidden} hidden ones."
        );
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep)
    {
        var s = new Sizes(inputs);
        var y = empty_like(inputs[X]);
        T* x = P(inputs[X]),
            weight = P(inputs[NormWeight]),
            bias = P(inputs[NormBias]),
            b1 = P(inputs[ExpandBias]),
            b2 = P(inputs[ContractBias]),
            to = P(y);
        using var expand = PackedMatrix<L, T, V>.OfTransposed(s.Channels, s.Hidden, P(inputs[ExpandWeight]));
        using var contract = PackedMatrix<L, T, V>.OfTransposed(s.Hidden, s.Channels, P(inputs[ContractWeight]));
        var parts = new Parts(s.Blocks);
        parts.Run(part =>
        {
            long C = s.Channels,
                H = s.Hidden;
            using var scratch = new Scratch<T>(s.Block * ((2 * C) + H + 2));
            T* normed = scratch.Take(s.Block * C),
                hidden = scratch.Take(s.Block * H),
                branch = scratch.Take(s.Block * C),
                mean = scratch.Take(s.Block),
                scale = scratch.Take(s.Block);
            for (var b = parts.First(part); b < parts.End(part); b++)
            {
                long first = b * s.Block * C,
                    rows = s.RowsOf(b);
                LayerNormRows<L, T, V>.Forward(rows, C, x + first, weight, bias, T.CreateTruncating(eps), normed, mean, scale);
                expand.Multiply(rows, normed, C, hidden, H);
                SwishRows<L, T, V>.Forward(rows, H, hidden, b1, Dropout<T>.Of(dropout, seed, 2 * b));
                contract.Multiply(rows, hidden, H, branch, C);
                ResidualRows<L, T, V>.Forward(rows, C, x + first, branch, b2, Half, Dropout<T>.Of(dropout, seed, (2 * b) + 1), to + first);
            }
        });
        return y;
    }

    public override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient)
    {
        var s = new Sizes(inputs);
        var gx = empty_like(inputs[X]);
        T* x = P(inputs[X]),
            weight = P(inputs[NormWeight]),
            bias = P(inputs[NormBias]),
            b1 = P(inputs[ExpandBias]),
            gy = P(gradient),
            to = P(gx);
        using var expand = PackedMatrix<L, T, V>.OfTransposed(s.Channels, s.Hidden, P(inputs[ExpandWeight]));
        using var expandBack = PackedMatrix<L, T, V>.Of(s.Hidden, s.Channels, P(inputs[ExpandWeight]));
        using var contractBack = PackedMatrix<L, T, V>.Of(s.Channels, s.Hidden, P(inputs[ContractWeight]));
        var parts = new Parts(s.Blocks);
        using var sums = new Sums(parts.Count, s);
        parts.Run(part =>
        {
            long C = s.Channels,
                H = s.Hidden;
            using var scratch = new Scratch<T>(
                (s.Block * ((3 * C) + (2 * H) + 2)) + MatrixProduct<L, T, V>.Packed(s.Block, Math.Max(C, H))
            );
            T* normed = scratch.Take(s.Block * C),
                hidden = scratch.Take(s.Block * H),
                ghidden = scratch.Take(s.Block * H),
                gbranch = scratch.Take(s.Block * C),
                gnormed = scratch.Take(s.Block * C),
                mean = scratch.Take(s.Block),
                scale = scratch.Take(s.Block),
                packed = scratch.Take(MatrixProduct<L, T, V>.Packed(s.Block, Math.Max(C, H)));
            for (var b = parts.First(part); b < parts.End(part); b++)
            {
                long first = b * s.Block * C,
                    rows = s.RowsOf(b);
                LayerNormRows<L, T, V>.Forward(rows, C, x + first, weight, bias, T.CreateTruncating(eps), normed, mean, scale);
                expand.Multiply(rows, normed, C, hidden, H);
                ResidualRows<L, T, V>.Backward(
                    rows,
                    C,
                    gy + first,
                    Half,
                    Dropout<T>.Of(dropout, seed, (2 * b) + 1),
                    gbranch,
                    sums.ContractBias.Of(part)
                );
                contractBack.Multiply(rows, gbranch, C, ghidden, H);
                SwishRows<L, T, V>.Backward(rows, H, hidden, b1, Dropout<T>.Of(dropout, seed, 2 * b), ghidden, sums.ExpandBias.Of(part));
                WeightGradient<L, T, V>.Add(rows, C, gbranch, C, H, hidden, H, packed, sums.ContractWeight.Of(part));
                WeightGradient<L, T, V>.Add(rows, H, ghidden, H, C, normed, C, packed, sums.ExpandWeight.Of(part));
                expandBack.Multiply(rows, ghidden, H, gnormed, C);
                LayerNormRows<L, T, V>.Backward(
                    rows,
                    C,
                    x + first,
                    mean,
                    scale,
                    weight,
                    gnormed,
                    gy + first,
                    to + first,
                    sums.NormWeight.Of(part),
                    sums.NormBias.Of(part)
                );
            }
        });
        long C = s.Channels,
            H = s.Hidden;
        return
        [
            gx,
            sums.NormWeight.Total(C),
            sums.NormBias.Total(C),
            sums.ExpandWeight.Total(H, C),
            sums.ExpandBias.Total(H),
            sums.ContractWeight.Total(C, H),
            sums.ContractBias.Total(C),
        ];
    }

    private static T* P(Tensor tensor) => TensorMemory.Pointer<T>(tensor);

    private readonly struct Sizes(IReadOnlyList<Tensor> inputs)
    {
        public long Channels { get; } = inputs[X].size(-1);

        public long Hidden { get; } = inputs[ExpandWeight].size(0);

        /// <summary>Rows at once: their hidden values stay in the second-level cache. A multiple of the product's twelve.</summary>
        public long Block => Math.Clamp(32768 / Hidden / 12 * 12, 12, 1020);

        public long Blocks => (Rows + Block - 1) / Block;

        private long Rows { get; } = inputs[X].NumberOfElements / inputs[X].size(-1);

        public long RowsOf(long block) => Math.Min(Block, Rows - (block * Block));
    }

    private sealed class Sums(int parts, Sizes s) : IDisposable
    {
        public PartialSums<T> NormWeight { get; } = new(parts, s.Channels);

        public PartialSums<T> NormBias { get; } = new(parts, s.Channels);

        public PartialSums<T> ExpandWeight { get; } = new(parts, s.Hidden * s.Channels);

        public PartialSums<T> ExpandBias { get; } = new(parts, s.Hidden);

        public PartialSums<T> ContractWeight { get; } = new(parts, s.Channels * s.Hidden);

        public PartialSums<T> ContractBias { get; } = new(parts, s.Channels);

        public void Dispose()
        {
            foreach (var sum in new[] { NormWeight, NormBias, ExpandWeight, ExpandBias, ContractWeight, ContractBias })
                sum.Dispose();
        }
    }
}
