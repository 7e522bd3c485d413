using System.Numerics;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Kernels.Lanes;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// InstanceNorm and PReLU in one, `[batch, channels, rows, columns]` in and out. Inputs: x, the norm's weight and bias and the slope,
/// `[channels]` each. Kept: x and each plane's mean and variance; the normalised values are made again.
/// </summary>
/// <param name="eps">Added to the variance.</param>
internal sealed unsafe class InstanceNormOperator<L, T, V>(double eps) : KernelOperator
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const int X = 0,
        Weight = 1,
        Bias = 2,
        Slope = 3;

    public override string Name => "InstanceNorm and PReLU";

    public override void Check(IReadOnlyList<Tensor> inputs)
    {
        Require(inputs[X].dim() == 4, $"takes [batch, channels, rows, columns], found {inputs[X].dim()} axes.");
        var channels = inputs[X].size(1);
        Require(inputs.Skip(Weight).All(t => t.NumberOfElements == channels), $"weights do not fit {channels} channels.");
        var positions = inputs[X].size(2) * inputs[X].size(3);
        Require(positions > 1, $"needs more than one position, found {positions}.");
    }

    public override Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep)
    {
        var y = empty_like(inputs[X]);
        long planes = inputs[X].size(0) * inputs[X].size(1),
            channels = inputs[X].size(1),
            count = inputs[X].NumberOfElements / planes;
        var moments = TensorMemory.Empty<double>(planes, 2);
        keep?.Add(moments);
        T* x = P(inputs[X]),
            to = P(y);
        var m = TensorMemory.Pointer<double>(moments);
        var parts = new Parts(planes);
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                (m[2 * i], m[(2 * i) + 1]) = PlaneNorm<L, T, V>.Moments(count, x + (i * count));
                var plane = Plane(inputs, m + (2 * i), i % channels);
                PlaneNorm<L, T, V>.Forward(count, x + (i * count), plane, to + (i * count));
            }
        });
        return y;
    }

    public override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient)
    {
        var gx = empty_like(inputs[X]);
        long planes = inputs[X].size(0) * inputs[X].size(1),
            channels = inputs[X].size(1),
            count = inputs[X].NumberOfElements / planes;
        T* x = P(inputs[X]),
            gy = P(gradient),
            to = P(gx);
        var m = TensorMemory.Pointer<double>(kept[0]);
        using NativeArray<double> sums = new(planes),
            products = new(planes),
            slopes = new(planes);
        double* sum = sums.Pointer,
            product = products.Pointer,
            slope = slopes.Pointer;
        var parts = new Parts(planes);
        parts.Run(part =>
        {
            for (var i = parts.First(part); i < parts.End(part); i++)
            {
                var plane = Plane(inputs, m + (2 * i), i % channels);
                (sum[i], product[i], slope[i]) = PlaneNorm<L, T, V>.BackwardSums(count, x + (i * count), plane, gy + (i * count));
                PlaneNorm<L, T, V>.Backward(
                    count,
                    x + (i * count),
                    plane,
                    T.CreateTruncating(sum[i] / count),
                    T.CreateTruncating(product[i] / count),
                    gy + (i * count),
                    to + (i * count)
                );
            }
        });
        return [gx, OverItems(products, planes, channels), OverItems(sums, planes, channels), OverItems(slopes, planes, channels)];
    }

    private static T* P(Tensor tensor) => TensorMemory.Pointer<T>(tensor);

    private PlaneNorm<L, T, V>.Plane Plane(IReadOnlyList<Tensor> inputs, double* moments, long channel)
    {
        var deviation = 1 / Math.Sqrt(moments[1] + eps);
        var scale = double.CreateTruncating(P(inputs[Weight])[channel]) * deviation;
        return new PlaneNorm<L, T, V>.Plane(
            T.CreateTruncating(moments[0]),
            T.CreateTruncating(deviation),
            T.CreateTruncating(scale),
            P(inputs[Bias])[channel],
            P(inputs[Slope])[channel]
        );
    }

    private static Tensor OverItems(NativeArray<double> values, long planes, long channels)
    {
        var total = TensorMemory.Empty<T>(channels);
        for (long c = 0; c < channels; c++)
        {
            double sum = 0;
            for (var i = c; i < planes; i += channels)
                sum += values.Pointer[i];
            P(total)[c] = T.CreateTruncating(sum);
        }
        return total;
    }
}
