using System.Numerics;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Kernels.Lanes;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// A plain two-dimensional convolution, `[batch, in, rows, columns]` to `[batch, out, rows, columns]`: a product a row of results, weight
/// times the packed rows it reads. Inputs: x, weight `[out, in, kernel rows, kernel columns]` and, where there is one, bias `[out]`.
/// </summary>
internal sealed unsafe class ConvolutionOperator<L, T, V>(ConvolutionShape shape) : KernelOperator
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const int X = 0,
        Weight = 1,
        Bias = 2;
    private ConvolutionSizes sizes;

    public override string Name => "convolution";

    // A frozen network's weights have no gradient, which alone needs the images; the bias is needed by none.
    public override bool Saves(int input) =>
        input switch
        {
            X => Needed[Weight],
            Weight => Needed[X],
            _ => false,
        };

    public override void Check(IReadOnlyList<Tensor> inputs)
    {
        Require(inputs[X].dim() == 4, $"takes [batch, channels, rows, columns], found {inputs[X].dim()} axes.");
        Require(
            inputs[Weight].dim() == 4 && inputs[Weight].size(1) == inputs[X].size(1),
            $"the weight does not fit {inputs[X].size(1)} channels."
        );
        var s = new ConvolutionSizes(shape, inputs[X], inputs[Weight]);
        Require(inputs.Count <= Bias || inputs[Bias].NumberOfElements == s.Out, $"the bias does not fit {s.Out} channels.");
        Require(
            s.Rows + (2 * shape.Padding.Rows) >= s.KernelRows && s.Padded >= s.KernelColumns,
            $"an image of {s.Rows} x {s.Columns} is smaller than the kernel of {s.KernelRows} x {s.KernelColumns}."
        );
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep)
    {
        var s = sizes = new ConvolutionSizes(shape, inputs[X], inputs[Weight]);
        var y = TensorMemory.Empty<T>(s.Batch, s.Out, s.OutRows, s.OutColumns);
        T* x = P(inputs[X]),
            weight = P(inputs[Weight]),
            bias = inputs.Count > Bias ? P(inputs[Bias]) : null,
            to = P(y);
        var parts = s.OutParts;
        parts.Run(part =>
        {
            long rowsSize = ConvolutionRows<L, T, V>.Size(s),
                packing = MatrixProduct<L, T, V>.Packed(s.Terms, s.OutColumns);
            using var scratch = new Scratch<T>(rowsSize + packing);
            T* rows = scratch.Take(rowsSize),
                packed = scratch.Take(packing);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                long item = i / s.OutRows,
                    row = i % s.OutRows;
                ConvolutionRows<L, T, V>.Read(s, x + (item * s.In * s.Plane), row, rows);
                ConvolutionRows<L, T, V>.Pack(s, rows, packed);
                var first = to + (item * s.Out * s.OutPlane) + (row * s.OutColumns);
                for (long o = 0; bias != null && o < s.Out; o++)
                    new Span<T>(first + (o * s.OutPlane), (int)s.OutColumns).Fill(bias[o]);
                MatrixProduct<L, T, V>.Multiply(s.Out, s.OutColumns, s.Terms, weight, s.Terms, 1, packed, bias != null, first, s.OutPlane);
            }
        });
        return y;
    }

    public override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient)
    {
        var s = sizes;
        var results = new Tensor?[inputs.Count];
        if (Needed[X])
            results[X] = InputGradient(s, inputs[Weight], gradient);
        if (Needed[Weight])
            results[Weight] = WeightsGradient(s, inputs[X], gradient);
        if (inputs.Count > Bias && Needed[Bias])
            results[Bias] = BiasGradient(s, gradient);
        return results;
    }

    private static T* P(Tensor tensor) => TensorMemory.Pointer<T>(tensor);

    /// <summary>A row of the input at a time: for each kernel row that reads it, a product with the row of results, spread over the
    /// columns.</summary>
    private static Tensor InputGradient(ConvolutionSizes s, Tensor weight, Tensor gradient)
    {
        var gx = TensorMemory.Empty<T>(s.Batch, s.In, s.Rows, s.Columns);
        using var turned = weight.permute(2, 1, 3, 0).contiguous(); // [kernel rows, in, kernel columns, out]
        T* w = P(turned),
            gy = P(gradient),
            to = P(gx);
        var parts = new Parts(s.Batch * s.Rows);
        parts.Run(part =>
        {
            long spread = s.In * s.KernelColumns,
                packing = MatrixProduct<L, T, V>.Packed(s.Out, s.OutColumns);
            using var scratch = new Scratch<T>((spread * s.OutColumns) + (s.In * s.Padded) + packing);
            T* product = scratch.Take(spread * s.OutColumns),
                sums = scratch.Take(s.In * s.Padded),
                packed = scratch.Take(packing);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                long item = i / s.Rows,
                    row = i % s.Rows;
                new Span<T>(sums, (int)(s.In * s.Padded)).Clear();
                for (long k = 0; k < s.KernelRows; k++)
                {
                    var (outRow, odd) = Math.DivRem(row + s.Shape.Padding.Rows - k, s.Shape.Stride.Rows);
                    if (odd != 0 || outRow < 0 || outRow >= s.OutRows)
                        continue;
                    var first = gy + (item * s.Out * s.OutPlane) + (outRow * s.OutColumns);
                    MatrixProduct<L, T, V>.Pack(s.Out, s.OutColumns, first, s.OutPlane, 1, packed);
                    MatrixProduct<L, T, V>.Multiply(
                        spread,
                        s.OutColumns,
                        s.Out,
                        w + (k * spread * s.Out),
                        s.Out,
                        1,
                        packed,
                        false,
                        product,
                        s.OutColumns
                    );
                    Spread(s, product, sums);
                }
                for (long c = 0; c < s.In; c++)
                    new Span<T>(sums + (c * s.Padded) + s.Shape.Padding.Columns, (int)s.Columns).CopyTo(
                        new Span<T>(to + (((item * s.In) + c) * s.Plane) + (row * s.Columns), (int)s.Columns)
                    );
            }
        });
        return gx;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
    private static void Spread(in ConvolutionSizes s, T* product, T* sums)
    {
        long n = s.OutColumns,
            step = s.Shape.Stride.Columns;
        for (long c = 0; c < s.In; c++, sums += s.Padded)
        for (long tap = 0; tap < s.KernelColumns; tap++, product += n)
        {
            var to = sums + tap;
            long j = 0;
            if (step == 1)
                for (; j + L.Count <= n; j += L.Count)
                    L.Store(to + j, L.Add(L.Load(to + j), L.Load(product + j)));
            for (; j < n; j++)
                to[j * step] += product[j];
        }
    }

    private static Tensor WeightsGradient(ConvolutionSizes s, Tensor input, Tensor gradient)
    {
        T* x = P(input),
            gy = P(gradient);
        var parts = s.OutParts;
        using var sums = new PartialSums<T>(parts.Count, s.Terms * s.Out);
        parts.Run(part =>
        {
            long rowsSize = ConvolutionRows<L, T, V>.Size(s),
                packing = MatrixProduct<L, T, V>.Packed(s.OutColumns, s.Out);
            using var scratch = new Scratch<T>(rowsSize + packing);
            T* rows = scratch.Take(rowsSize),
                packed = scratch.Take(packing);
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                long item = i / s.OutRows,
                    row = i % s.OutRows;
                ConvolutionRows<L, T, V>.Read(s, x + (item * s.In * s.Plane), row, rows);
                MatrixProduct<L, T, V>.Pack(
                    s.OutColumns,
                    s.Out,
                    gy + (item * s.Out * s.OutPlane) + (row * s.OutColumns),
                    1,
                    s.OutPlane,
                    packed
                );
                var to = sums.Of(part);
                for (long k = 0; k < s.KernelRows; k++)
                for (long tap = 0; tap < s.KernelColumns; tap++, to += s.In * s.Out)
                    MatrixProduct<L, T, V>.Multiply(
                        s.In,
                        s.Out,
                        s.OutColumns,
                        rows + (k * s.Padded) + tap,
                        s.KernelRows * s.Padded,
                        s.Shape.Stride.Columns,
                        packed,
                        true,
                        to,
                        s.Out
                    );
            }
        });
        return sums.Total(s.KernelRows, s.KernelColumns, s.In, s.Out).permute(3, 2, 0, 1).contiguous();
    }

    private static Tensor BiasGradient(ConvolutionSizes s, Tensor gradient)
    {
        var parts = s.OutParts;
        using var sums = new PartialSums<T>(parts.Count, s.Out);
        var gy = P(gradient);
        parts.Run(part =>
        {
            var to = sums.Of(part);
            for (var i = parts.First(part); i < parts.End(part); i++)
            for (long o = 0; o < s.Out; o++)
                to[o] += Row(s.OutColumns, gy + ((i / s.OutRows * s.Out) + o) * s.OutPlane + (i % s.OutRows * s.OutColumns));
        });
        return sums.Total(s.Out);
    }

    private static T Row(long n, T* row)
    {
        var sums = L.Zero;
        long j = 0;
        for (; j + L.Count <= n; j += L.Count)
            sums = L.Add(sums, L.Load(row + j));
        var sum = L.Sum(sums);
        for (; j < n; j++)
            sum += row[j];
        return sum;
    }
}
