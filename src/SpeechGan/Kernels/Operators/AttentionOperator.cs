using System.Numerics;
using SpeechGan.Kernels.Attention;
using SpeechGan.Kernels.Lanes;
using SpeechGan.Kernels.Rows;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// A conformer's self-attention with relative positions: y = x + drop(Wo attend(LN(x)) + bo), x `[sequences, length, channels]`. A sequence
/// at a time, in the cache. Kept: x, the heads' outputs, a logarithm of a sum a query.
/// </summary>
/// <param name="heads">Attention heads.</param>
/// <param name="eps">LayerNorm's constant.</param>
/// <param name="dropout">Probability.</param>
/// <param name="seed">Of this call's dropout.</param>
/// <remarks>L are lanes over channels, A lanes over key positions, of which there are more than channels in a small network.</remarks>
internal sealed unsafe class AttentionOperator<L, V, A, W, T>(long heads, double eps, double dropout, long seed) : KernelOperator
    where L : struct, ILanes<T, V>
    where V : struct
    where A : struct, ILanes<T, W>
    where W : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int X = 0,
        NormWeight = 1,
        NormBias = 2,
        QueryWeight = 3,
        KeyValueWeight = 4,
        Distances = 5,
        OutputWeight = 6,
        OutputBias = 7;

    public override string Name => "attention";

    public override void Check(IReadOnlyList<Tensor> inputs)
    {
        Require(inputs[X].dim() == 3, $"takes [sequences, length, channels], found {inputs[X].dim()} axes.");
        Require(
            heads > 0 && inputs[QueryWeight].size(0) % heads == 0,
            $"{inputs[QueryWeight].size(0)} query channels do not divide into {heads} heads."
        );
        var s = new Sizes(inputs, heads);
        Require(
            inputs[QueryWeight].size(1) == s.Channels
                && inputs[KeyValueWeight].shape is [var kv, var c]
                && kv == 2 * s.Inner
                && c == s.Channels
                && inputs[OutputWeight].shape is [var o, var i]
                && o == s.Channels
                && i == s.Inner
                && inputs[OutputBias].NumberOfElements == s.Channels
                && inputs[NormWeight].NumberOfElements == s.Channels
                && inputs[NormBias].NumberOfElements == s.Channels
                && inputs[Distances].shape is [var d, var w]
                && w == s.Width
                && d % 2 == 1,
            $"weights do not fit {s.Channels} channels and {heads} heads of {s.Width}."
        );
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep)
    {
        var s = new Sizes(inputs, heads);
        var y = empty_like(inputs[X]);
        Tensor attended = TensorMemory.Empty<T>(s.Sequences, s.Length, s.Inner),
            logSums = TensorMemory.Empty<T>(s.Sequences, heads, s.Length);
        keep?.AddRange([attended, logSums]);
        T* x = P(inputs[X]),
            weight = P(inputs[NormWeight]),
            normBias = P(inputs[NormBias]),
            bias = P(inputs[OutputBias]),
            to = P(y),
            o = P(attended),
            sums = P(logSums);
        using var table = Table(s, inputs);
        using var joined = Projections(s, inputs);
        using var project = PackedMatrix<L, T, V>.OfTransposed(s.Channels, 3 * s.Inner, joined.Pointer);
        using var output = PackedMatrix<L, T, V>.OfTransposed(s.Inner, s.Channels, P(inputs[OutputWeight]));
        var distances = table.Pointer;
        var parts = new Parts(s.Sequences);
        parts.Run(part =>
        {
            long n = s.Length,
                C = s.Channels,
                I = s.Inner;
            using var scratch = new Scratch<T>((n * ((2 * C) + (3 * I) + 2)) + s.Layout.Scratch);
            T* normed = scratch.Take(n * C),
                projected = scratch.Take(3 * n * I),
                branch = scratch.Take(n * C),
                mean = scratch.Take(n),
                scale = scratch.Take(n),
                rest = scratch.Take(s.Layout.Scratch);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                LayerNormRows<L, T, V>.Forward(n, C, x + (i * n * C), weight, normBias, T.CreateTruncating(eps), normed, mean, scale);
                project.Multiply(n, normed, C, projected, 3 * I);
                for (long h = 0; h < heads; h++)
                    AttentionForward<A, T, W>.Run(
                        s.Head(projected, h),
                        distances,
                        rest,
                        o + (i * n * I) + (h * s.Width),
                        I,
                        sums + (((i * heads) + h) * n)
                    );
                output.Multiply(n, o + (i * n * I), I, branch, C);
                ResidualRows<L, T, V>.Forward(
                    n,
                    C,
                    x + (i * n * C),
                    branch,
                    bias,
                    T.One,
                    Dropout<T>.Of(dropout, seed, i),
                    to + (i * n * C)
                );
            }
        });
        return y;
    }

    public override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient)
    {
        var s = new Sizes(inputs, heads);
        var gx = empty_like(inputs[X]);
        T* x = P(inputs[X]),
            weight = P(inputs[NormWeight]),
            normBias = P(inputs[NormBias]),
            gy = P(gradient),
            to = P(gx),
            o = P(kept[0]),
            logSums = P(kept[1]);
        using var table = Table(s, inputs);
        using var joined = Projections(s, inputs);
        using var project = PackedMatrix<L, T, V>.OfTransposed(s.Channels, 3 * s.Inner, joined.Pointer);
        using var projectBack = PackedMatrix<L, T, V>.Of(3 * s.Inner, s.Channels, joined.Pointer);
        using var outputBack = PackedMatrix<L, T, V>.Of(s.Channels, s.Inner, P(inputs[OutputWeight]));
        var distances = table.Pointer;
        var parts = new Parts(s.Sequences);
        long C = s.Channels,
            I = s.Inner;
        using PartialSums<T> gweight = new(parts.Count, C),
            gnormBias = new(parts.Count, C),
            gprojection = new(parts.Count, 3 * I * C),
            gtable = new(parts.Count, s.Layout.TableSize),
            goutput = new(parts.Count, C * I),
            gbias = new(parts.Count, C);
        parts.Run(part =>
        {
            var n = s.Length;
            var packing = MatrixProduct<L, T, V>.Packed(n, Math.Max(C, I));
            using var scratch = new Scratch<T>((n * ((3 * C) + (7 * I) + 2)) + s.Layout.Scratch + packing);
            T* normed = scratch.Take(n * C),
                projected = scratch.Take(3 * n * I),
                gprojected = scratch.Take(3 * n * I),
                gbranch = scratch.Take(n * C),
                gattended = scratch.Take(n * I),
                gnormed = scratch.Take(n * C),
                mean = scratch.Take(n),
                scale = scratch.Take(n),
                rest = scratch.Take(s.Layout.Scratch),
                packed = scratch.Take(packing);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                LayerNormRows<L, T, V>.Forward(n, C, x + (i * n * C), weight, normBias, T.CreateTruncating(eps), normed, mean, scale);
                project.Multiply(n, normed, C, projected, 3 * I);
                ResidualRows<L, T, V>.Backward(n, C, gy + (i * n * C), T.One, Dropout<T>.Of(dropout, seed, i), gbranch, gbias.Of(part));
                WeightGradient<L, T, V>.Add(n, C, gbranch, C, I, o + (i * n * I), I, packed, goutput.Of(part));
                outputBack.Multiply(n, gbranch, C, gattended, I);
                for (long h = 0; h < heads; h++)
                    AttentionBackward<A, T, W>.Run(
                        s.Head(projected, h),
                        distances,
                        logSums + (((i * heads) + h) * n),
                        o + (i * n * I) + (h * s.Width),
                        gattended + (h * s.Width),
                        I,
                        rest,
                        s.Head(gprojected, h),
                        gtable.Of(part)
                    );
                WeightGradient<L, T, V>.Add(n, 3 * I, gprojected, 3 * I, C, normed, C, packed, gprojection.Of(part));
                projectBack.Multiply(n, gprojected, 3 * I, gnormed, C);
                LayerNormRows<L, T, V>.Backward(
                    n,
                    C,
                    x + (i * n * C),
                    mean,
                    scale,
                    weight,
                    gnormed,
                    gy + (i * n * C),
                    to + (i * n * C),
                    gweight.Of(part),
                    gnormBias.Of(part)
                );
            }
        });
        var weights = gprojection.Total(3 * I, C);
        return
        [
            gx,
            gweight.Total(C),
            gnormBias.Total(C),
            weights.narrow(0, 0, I).contiguous(),
            weights.narrow(0, I, 2 * I).contiguous(),
            TableGradient(s, gtable),
            goutput.Total(C, I),
            gbias.Total(C),
        ];
    }

    private static T* P(Tensor tensor) => TensorMemory.Pointer<T>(tensor);

    private static NativeArray<T> Table(Sizes s, IReadOnlyList<Tensor> inputs)
    {
        var table = new NativeArray<T>(s.Layout.TableSize);
        s.Layout.ReverseTable(s.Width, s.Most, P(inputs[Distances]), table.Pointer);
        return table;
    }

    private static Tensor TableGradient(Sizes s, PartialSums<T> sums)
    {
        using var table = new NativeArray<T>(s.Layout.TableSize);
        sums.Total(table.Pointer);
        var gradient = TensorMemory.Zeros<T>((2 * s.Most) + 1, s.Width);
        s.Layout.AddTableGradient(s.Width, s.Most, table.Pointer, P(gradient));
        return gradient;
    }

    /// <summary>The weights of queries, keys and values one after the other, `[3 * inner, channels]`: one product makes all
    /// three.</summary>
    private static NativeArray<T> Projections(Sizes s, IReadOnlyList<Tensor> inputs)
    {
        var joined = new NativeArray<T>(3 * s.Inner * s.Channels);
        var query = s.Inner * s.Channels;
        new Span<T>(P(inputs[QueryWeight]), checked((int)query)).CopyTo(new Span<T>(joined.Pointer, checked((int)query)));
        new Span<T>(P(inputs[KeyValueWeight]), checked((int)(2 * query))).CopyTo(
            new Span<T>(joined.Pointer + query, checked((int)(2 * query)))
        );
        return joined;
    }

    private readonly struct Sizes(IReadOnlyList<Tensor> inputs, long heads)
    {
        public long Sequences { get; } = inputs[X].size(0);

        public long Length { get; } = inputs[X].size(1);

        public long Channels { get; } = inputs[X].size(2);

        /// <summary>Channels of all heads.</summary>
        public long Inner { get; } = inputs[QueryWeight].size(0);

        /// <summary>Channels of a head.</summary>
        public long Width { get; } = inputs[QueryWeight].size(0) / heads;

        /// <summary>The largest distance that has a vector of its own.</summary>
        public long Most { get; } = inputs[Distances].size(0) / 2;

        public AttentionLayout<A, T, W> Layout => new(Length, Width);

        /// <summary>A head within rows of queries, keys and values of all.</summary>
        public AttentionHead<T> Head(T* projected, long head) => new(Length, Width, 3 * Inner, Most, projected + (head * Width), Inner);
    }
}
