using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Models;

internal static partial class NetworkKernels
{
    private static partial INetworkKernels? Native(INetworkKernels elsewhere) => new FusedKernels(elsewhere);
}

/// <summary>
/// The parts as native operators: a sequence or a few frames at a time in the cache, no score matrix, dropout without stored masks, no concatenation;
/// the same bits on any number of threads. They do not differentiate twice.
/// </summary>
/// <param name="elsewhere">For tensors that are not on the CPU.</param>
internal sealed class FusedKernels(INetworkKernels elsewhere) : INetworkKernels
{
    public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout) => x.device_type != DeviceType.CPU
        ? elsewhere.FeedForward(x, parts, dropout)
        : Fused.FeedForward(
            x, (parts.Norm.weight!, parts.Norm.bias), (parts.Expand.weight, parts.Expand.bias), (parts.Contract.weight, parts.Contract.bias), parts.Norm.eps, dropout);

    public Tensor Attention(Tensor x, AttentionParts parts, double dropout) => x.device_type != DeviceType.CPU
        ? elsewhere.Attention(x, parts, dropout)
        : Fused.RelativeAttention(
            x, (parts.Norm.weight!, parts.Norm.bias), parts.Query.weight, parts.KeyValue.weight, parts.Distances.Weight, (parts.Output.weight, parts.Output.bias),
            parts.Heads, parts.Norm.eps, dropout);

    public Tensor Convolution(Tensor x, ConvolutionParts parts)
    {
        if (x.device_type != DeviceType.CPU)
            return elsewhere.Convolution(x, parts);
        var training = parts.BatchNorm.training;
        if (training)
            parts.BatchNorm.num_batches_tracked.add_(1);
        return Fused.ConvolutionModule(
            x, (parts.Norm.weight!, parts.Norm.bias), (parts.Expand.weight, parts.Expand.bias), (parts.Depthwise.weight, parts.Depthwise.bias),
            (parts.BatchNorm.weight!, parts.BatchNorm.bias), parts.BatchNorm.running_mean, parts.BatchNorm.running_var, (parts.Contract.weight, parts.Contract.bias),
            training, ConvolutionModule.BatchNormMomentum, parts.Norm.eps, ConvolutionModule.BatchNormEps);
    }

    public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers) => x.device_type != DeviceType.CPU
        ? elsewhere.DenseBlock(x, layers)
        : Fused.DenseBlock(
            x, [.. layers.SelectMany(l => new[] { l.Convolution.weight, l.Convolution.bias!, l.Norm.weight!, l.Norm.bias!, l.Activation.weight })], DilatedDenseBlock.NormEps);
}
