using SpeechGan.Kernels.Convolution;
using SpeechGan.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Diagnostics.Faults;

/// <summary>Kernels whose feed forward is one hundredth too large: a fault that no loss and no score shows at once.</summary>
internal sealed class LoudFeedForward(INetworkKernels right) : INetworkKernels
{
    public void EndBackward() => right.EndBackward();

    public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout) => right.FeedForward(x, parts, dropout) * 1.01;

    public Tensor Attention(Tensor x, AttentionParts parts, double dropout) => right.Attention(x, parts, dropout);

    public Tensor Convolution(Tensor x, ConvolutionParts parts) => right.Convolution(x, parts);

    public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers) => right.DenseBlock(x, layers);

    public Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape) => right.Convolve(x, weight, bias, shape);

    public Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation) => right.NormActivate(x, norm, activation);
}
