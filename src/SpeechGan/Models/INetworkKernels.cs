using SpeechGan.Kernels.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>
/// How the parts of the networks that take their time are computed: the three of a conformer, each adding its result to its input, the
/// dense blocks, and every other convolution and InstanceNorm. <see cref="OperatorKernels"/> writes them with TorchSharp's operators: the
/// reference, and the way for GPUs. <see cref="FusedKernels"/> does
/// each part in one operator on the CPU. Both compute the same function; only rounding and dropout's masks differ.
/// </summary>
internal interface INetworkKernels
{
    /// <summary>
    /// To be called after every backward pass: throws what it threw, as no exception may leave it inside libtorch, and frees what it handed
    /// over.
    /// </summary>
    void EndBackward();

    /// <summary>x + 1/2 drop(W2 drop(silu(W1 LN(x) + b1)) + b2).</summary>
    /// <param name="x">`[sequences, length, channels]`.</param>
    /// <param name="parts">Its layers.</param>
    /// <param name="dropout">Probability; 0 in evaluation.</param>
    Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout);

    /// <summary>x + drop(Wo attend(LN(x)) + bo), attention with relative positions.</summary>
    /// <param name="x">`[sequences, length, channels]`.</param>
    /// <param name="parts">Its layers.</param>
    /// <param name="dropout">Probability; 0 in evaluation.</param>
    Tensor Attention(Tensor x, AttentionParts parts, double dropout);

    /// <summary>x + Wc silu(BN(depthwise(GLU(We LN(x) + be)))) + bc; in training BatchNorm's running statistics move.</summary>
    /// <param name="x">`[sequences, length, channels]`.</param>
    /// <param name="parts">Its layers; BatchNorm's own mode decides whose statistics count.</param>
    Tensor Convolution(Tensor x, ConvolutionParts parts);

    /// <summary>Causal convolutions with dilations 1, 2, 4, ... in time, each followed by InstanceNorm and PReLU, each reading all that
    /// came before it, the newest first.</summary>
    /// <param name="x">`[batch, channels, frames, bins]`.</param>
    /// <param name="layers">From the first to the last.</param>
    Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers);

    /// <summary>A plain convolution, `[batch, in, rows, columns]` to `[batch, out, rows, columns]`.</summary>
    /// <param name="x">Images.</param>
    /// <param name="weight">`[out, in, kernel rows, kernel columns]`.</param>
    /// <param name="bias">`[out]`, or null.</param>
    /// <param name="shape">Stride and padding.</param>
    Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape);

    /// <summary>InstanceNorm, then PReLU, `[batch, channels, rows, columns]` in and out.</summary>
    /// <param name="x">Images.</param>
    /// <param name="norm">Of each sample's channels by themselves.</param>
    /// <param name="activation">A slope a channel.</param>
    Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation);
}

/// <summary>One layer of a dilated dense block.</summary>
/// <param name="Convolution">`[channels, (layer + 1) * channels, 2, 3]`.</param>
/// <param name="Norm">Of each sample's channels by themselves.</param>
/// <param name="Activation">A slope a channel.</param>
internal sealed record DenseLayer(Conv2d Convolution, InstanceNorm2d Norm, PReLU Activation);

/// <summary>Layers of a half-step feed forward.</summary>
/// <param name="Norm">Over channels.</param>
/// <param name="Expand">To four times the channels.</param>
/// <param name="Contract">Back.</param>
internal sealed record FeedForwardParts(LayerNorm Norm, Linear Expand, Linear Contract);

/// <summary>Layers of a self-attention.</summary>
/// <param name="Norm">Over channels.</param>
/// <param name="Query">`[heads * width, channels]`, no bias.</param>
/// <param name="KeyValue">`[2 * heads * width, channels]`, no bias.</param>
/// <param name="Output">Back to channels.</param>
/// <param name="Distances">A vector a clamped distance.</param>
/// <param name="Heads">Attention heads.</param>
internal sealed record AttentionParts(
    LayerNorm Norm,
    Linear Query,
    Linear KeyValue,
    Linear Output,
    DistanceEmbedding Distances,
    long Heads
);

/// <summary>Layers of a convolution module.</summary>
/// <param name="Norm">Over channels.</param>
/// <param name="Expand">Pointwise, to four times the channels: value and gate.</param>
/// <param name="Depthwise">Over positions, a filter a gated channel.</param>
/// <param name="BatchNorm">Over all positions of all sequences.</param>
/// <param name="Contract">Pointwise, back to channels.</param>
internal sealed record ConvolutionParts(LayerNorm Norm, Conv1d Expand, Conv1d Depthwise, BatchNorm1d BatchNorm, Conv1d Contract);
