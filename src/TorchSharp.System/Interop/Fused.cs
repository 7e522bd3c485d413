using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Whole parts of the generator as one native operator each, forward and backward (native/fused). Not part of TorchSharp's API. They work on CPU
/// tensors of float32 or float64, those of a conformer hold their residual connection, and all give the same bits on any number of threads.
/// </summary>
internal static class Fused
{
    private static readonly Op
        FeedForwardOp = new("speechgan::feed_forward"), AttentionOp = new("speechgan::relative_attention"), ConvolutionOp = new("speechgan::convolution_module"),
        DenseBlockOp = new("speechgan::dense_block");

    /// <summary>The instruction set of the kernels in use: `avx512`, `avx2` or `baseline`; ATEN_CPU_CAPABILITY chooses lower ones.</summary>
    internal static string Kernels => Marshal.PtrToStringUTF8(Native.sg_fused_kernels())!;

    /// <summary>Chooses the instruction set for the whole process, as far as the processor has it; null: the highest. For tests, which run them all.</summary>
    internal static void Use(string? isa) => Native.sg_fused_use(isa);

    /// <summary>x + 1/2 drop(W2 drop(silu(W1 LN(x) + b1)) + b2), `[..., channels]`.</summary>
    /// <param name="x">`[..., channels]`.</param>
    /// <param name="norm">LayerNorm's weight and bias, `[channels]`.</param>
    /// <param name="expand">First layer, `[hidden, channels]` and `[hidden]`.</param>
    /// <param name="contract">Second layer, `[channels, hidden]` and `[channels]`.</param>
    /// <param name="eps">LayerNorm's.</param>
    /// <param name="dropout">Probability; 0 in evaluation.</param>
    internal static Tensor FeedForward(Tensor x, Affine norm, Affine expand, Affine contract, double eps, double dropout) =>
        FeedForwardOp.Call(x, norm.Weight, norm.Bias, expand.Weight, expand.Bias, contract.Weight, contract.Bias, eps, dropout);

    /// <summary>x + drop(Wo attend(LN(x)) + bo), `[sequences, length, channels]`.</summary>
    /// <param name="x">`[sequences, length, channels]`.</param>
    /// <param name="norm">LayerNorm's weight and bias, `[channels]`.</param>
    /// <param name="query">`[heads * width, channels]`.</param>
    /// <param name="keyValue">`[2 * heads * width, channels]`.</param>
    /// <param name="distances">A vector a distance, `[2 * most + 1, width]`.</param>
    /// <param name="output">`[channels, heads * width]` and `[channels]`.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="eps">LayerNorm's.</param>
    /// <param name="dropout">Probability; 0 in evaluation.</param>
    internal static Tensor RelativeAttention(
        Tensor x, Affine norm, Tensor query, Tensor keyValue, Tensor distances, Affine output, long heads, double eps, double dropout) =>
        AttentionOp.Call(x, norm.Weight, norm.Bias, query, keyValue, distances, output.Weight, output.Bias, heads, eps, dropout);

    /// <summary>x + Wc silu(BN(depthwise(GLU(We LN(x) + be)))) + bc, `[sequences, length, channels]`.</summary>
    /// <param name="x">`[sequences, length, channels]`.</param>
    /// <param name="norm">LayerNorm's weight and bias, `[channels]`.</param>
    /// <param name="expand">`[2 * gated, channels, 1]` and `[2 * gated]`.</param>
    /// <param name="taps">`[gated, 1, taps]`, an odd number of them, and `[gated]`.</param>
    /// <param name="batchNorm">BatchNorm's weight and bias, `[gated]`.</param>
    /// <param name="runningMean">`[gated]`; moves in training.</param>
    /// <param name="runningVariance">`[gated]`; moves in training.</param>
    /// <param name="contract">`[channels, gated, 1]` and `[channels]`.</param>
    /// <param name="training">Whether the batch's own statistics count.</param>
    /// <param name="momentum">BatchNorm's.</param>
    /// <param name="normEps">LayerNorm's.</param>
    /// <param name="batchEps">BatchNorm's.</param>
    internal static Tensor ConvolutionModule(
        Tensor x, Affine norm, Affine expand, Affine taps, Affine batchNorm, Tensor runningMean, Tensor runningVariance, Affine contract, bool training,
        double momentum, double normEps, double batchEps) =>
        ConvolutionOp.Call(
            x, norm.Weight, norm.Bias, expand.Weight, expand.Bias, taps.Weight, taps.Bias, batchNorm.Weight, batchNorm.Bias, contract.Weight, contract.Bias,
            runningMean, runningVariance, training, momentum, normEps, batchEps);

    /// <summary>Causal convolutions of 2 frames x 3 bins with dilations 1, 2, 4, 8, InstanceNorm and PReLU, densely connected, `[batch, channels, frames, bins]`.</summary>
    /// <param name="x">`[batch, channels, frames, bins]`.</param>
    /// <param name="layers">A layer after the other: weight and bias of the convolution, weight and bias of the norm, slopes.</param>
    /// <param name="eps">InstanceNorm's.</param>
    internal static Tensor DenseBlock(Tensor x, Tensor[] layers, double eps) => DenseBlockOp.Call(x, layers, eps);

    /// <summary>Weight and bias of a layer.</summary>
    internal readonly record struct Affine(Tensor Weight, Tensor Bias)
    {
        public static implicit operator Affine((Tensor Weight, Tensor? Bias) pair) => new(pair.Weight, pair.Bias!);
    }
}
