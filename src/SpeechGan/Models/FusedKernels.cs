using SpeechGan.Kernels;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Kernels.Operators;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>
/// The parts as fused operators of <see cref="Kernels"/>: a sequence or a few frames at a time in the cache, no score matrix, dropout
/// without stored masks, no concatenation; the same bits on any number of threads. They do not differentiate twice.
/// </summary>
/// <param name="elsewhere">For tensors that are not on the CPU.</param>
/// <param name="width">The widest vectors to use.</param>
internal sealed class FusedKernels(INetworkKernels elsewhere, VectorWidth width) : INetworkKernels
{
    private readonly BackwardPass pass = new();

    public void EndBackward() => pass.End();

    public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout) =>
        x.device_type != DeviceType.CPU
            ? elsewhere.FeedForward(x, parts, dropout)
            : KernelFunction.Apply(
                OperatorFactory.For(x.dtype, width, x.shape[^1]).FeedForward(parts.Norm.eps, dropout, Seed(dropout)),
                pass,
                x,
                parts.Norm.weight!,
                parts.Norm.bias!,
                parts.Expand.weight!,
                parts.Expand.bias!,
                parts.Contract.weight!,
                parts.Contract.bias!
            );

    public Tensor Attention(Tensor x, AttentionParts parts, double dropout) =>
        x.device_type != DeviceType.CPU
            ? elsewhere.Attention(x, parts, dropout)
            : KernelFunction.Apply(
                OperatorFactory.For(x.dtype, width, x.shape[^1]).Attention(parts.Heads, parts.Norm.eps, dropout, Seed(dropout)),
                pass,
                x,
                parts.Norm.weight!,
                parts.Norm.bias!,
                parts.Query.weight!,
                parts.KeyValue.weight!,
                parts.Distances.Weight,
                parts.Output.weight!,
                parts.Output.bias!
            );

    public Tensor Convolution(Tensor x, ConvolutionParts parts)
    {
        if (x.device_type != DeviceType.CPU)
            return elsewhere.Convolution(x, parts);
        var batchNorm = parts.BatchNorm;
        if (batchNorm.training)
            batchNorm.num_batches_tracked!.add_(1);
        return KernelFunction.Apply(
            OperatorFactory
                .For(x.dtype, width, x.shape[^1])
                .ConvolutionModule(
                    parts.Norm.eps,
                    new BatchNormState(
                        batchNorm.running_mean!,
                        batchNorm.running_var!,
                        batchNorm.training,
                        ConvolutionModule.BatchNormMomentum,
                        ConvolutionModule.BatchNormEps
                    )
                ),
            pass,
            x,
            parts.Norm.weight!,
            parts.Norm.bias!,
            parts.Expand.weight!,
            parts.Expand.bias!,
            parts.Depthwise.weight!,
            parts.Depthwise.bias!,
            batchNorm.weight!,
            batchNorm.bias!,
            parts.Contract.weight!,
            parts.Contract.bias!
        );
    }

    public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers) =>
        x.device_type != DeviceType.CPU
            ? elsewhere.DenseBlock(x, layers)
            : KernelFunction.Apply(
                OperatorFactory.For(x.dtype, width, x.shape[1]).DenseBlock(DilatedDenseBlock.NormEps),
                pass,
                [x, .. layers.SelectMany(Tensors)]
            );

    public Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape) =>
        x.device_type != DeviceType.CPU
            ? elsewhere.Convolve(x, weight, bias, shape)
            : KernelFunction.Apply(
                OperatorFactory.For(x.dtype, width, x.shape[^1]).Convolution(shape),
                pass,
                bias is null ? [x, weight] : [x, weight, bias]
            );

    public Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation) =>
        x.device_type != DeviceType.CPU
            ? elsewhere.NormActivate(x, norm, activation)
            : KernelFunction.Apply(
                OperatorFactory.For(x.dtype, width, x.shape[2] * x.shape[3]).InstanceNorm(DilatedDenseBlock.NormEps),
                pass,
                x,
                norm.weight!,
                norm.bias!,
                activation.weight!
            );

    private static Tensor[] Tensors(DenseLayer layer) =>
        [layer.Convolution.weight!, layer.Convolution.bias!, layer.Norm.weight!, layer.Norm.bias!, layer.Activation.weight!];

    /// <summary>The seed of a call's dropout, drawn from libtorch's default generator, so that manual_seed decides it; nothing is drawn
    /// where nothing is dropped.</summary>
    private static long Seed(double dropout)
    {
        if (dropout == 0)
            return 0;
        using var drawn = randint(long.MaxValue, [1], ScalarType.Int64);
        return drawn.ToInt64();
    }
}
