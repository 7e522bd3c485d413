using SpeechGan.Kernels.Convolution;
using SpeechGan.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Training.Tracing;

/// <summary>Kernels that show a recorder the convolutions and norms of modules which are not called themselves. A part that is a module
/// of its own is seen by the module's hook.</summary>
/// <param name="inner">What computes.</param>
/// <param name="recorder">The recorder.</param>
internal sealed class TracingKernels(INetworkKernels inner, TraceRecorder recorder) : INetworkKernels
{
    /// <inheritdoc/>
    public void EndBackward() => inner.EndBackward();

    /// <inheritdoc/>
    public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout) => inner.FeedForward(x, parts, dropout);

    /// <inheritdoc/>
    public Tensor Attention(Tensor x, AttentionParts parts, double dropout) => inner.Attention(x, parts, dropout);

    /// <inheritdoc/>
    public Tensor Convolution(Tensor x, ConvolutionParts parts) => inner.Convolution(x, parts);

    /// <inheritdoc/>
    public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers) => inner.DenseBlock(x, layers);

    /// <inheritdoc/>
    public Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape) =>
        recorder.Kernel(weight, nameof(Convolve), x, input => inner.Convolve(input, weight, bias, shape));

    /// <inheritdoc/>
    public Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation) =>
        recorder.Kernel(norm.weight!, nameof(NormActivate), x, input => inner.NormActivate(input, norm, activation));
}
