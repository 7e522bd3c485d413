using SpeechGan.Kernels;
using SpeechGan.Kernels.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>
/// The parts as fused operators of <see cref="Kernels"/>: a sequence or a few frames at a time in the cache, no score matrix, dropout without stored masks, no
/// concatenation; the same bits on any number of threads. They do not differentiate twice.
/// </summary>
/// <param name="elsewhere">For tensors that are not on the CPU.</param>
/// <param name="width">The widest vectors to use.</param>
internal sealed class FusedKernels(INetworkKernels elsewhere, VectorWidth width) : INetworkKernels
{
    private readonly BackwardFailure failure = new();

    public void ThrowIfBackwardFailed() => failure.ThrowIfAny();

    public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout) => x.device_type != DeviceType.CPU
        ? elsewhere.FeedForward(x, parts, dropout)
        : KernelFunction.Apply(
            OperatorFactory.For(x.dtype, width, x.shape[^1]).FeedForward(parts.Norm.eps, dropout, Seed(dropout)), failure,
            x, parts.Norm.weight!, parts.Norm.bias!, parts.Expand.weight!, parts.Expand.bias!, parts.Contract.weight!, parts.Contract.bias!);

    public Tensor Attention(Tensor x, AttentionParts parts, double dropout) => elsewhere.Attention(x, parts, dropout);

    public Tensor Convolution(Tensor x, ConvolutionParts parts) => elsewhere.Convolution(x, parts);

    public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers) => elsewhere.DenseBlock(x, layers);

    /// <summary>The seed of a call's dropout, drawn from libtorch's default generator, so that manual_seed decides it; nothing is drawn where nothing is dropped.</summary>
    private static long Seed(double dropout)
    {
        if (dropout == 0)
            return 0;
        using var drawn = randint(long.MaxValue, [1], ScalarType.Int64);
        return drawn.ToInt64();
    }
}
