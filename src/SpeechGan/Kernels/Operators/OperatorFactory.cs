using System.Numerics;
using System.Runtime.Intrinsics;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Kernels.Lanes;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>Makes the calls of the fused operators for one number type and vector width.</summary>
internal abstract class OperatorFactory
{
    /// <summary>The factory for rows of so many channels: as wide as the processor and the rows allow.</summary>
    /// <param name="type">Float32 or float64.</param>
    /// <param name="widest">The widest vectors to use.</param>
    /// <param name="channels">Numbers in the shortest rows that are worked on.</param>
    public static OperatorFactory For(ScalarType type, VectorWidth widest, long channels) =>
        type == ScalarType.Float64 ? For<double>(widest, channels) : For<float>(widest, channels);

    /// <summary>A conformer's half-step feed forward.</summary>
    public abstract KernelOperator FeedForward(double eps, double dropout, long seed);

    /// <summary>A conformer's self-attention with relative positions.</summary>
    public abstract KernelOperator Attention(long heads, double eps, double dropout, long seed);

    /// <summary>A conformer's convolution part.</summary>
    public abstract KernelOperator ConvolutionModule(double eps, BatchNormState batchNorm);

    /// <summary>A dilated dense block.</summary>
    public abstract KernelOperator DenseBlock(double eps);

    /// <summary>A plain convolution.</summary>
    public abstract KernelOperator Convolution(ConvolutionShape shape);

    /// <summary>InstanceNorm and PReLU.</summary>
    public abstract KernelOperator InstanceNorm(double eps);

    private static OperatorFactory For<T>(VectorWidth widest, long channels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (widest == VectorWidth.Bits512 && channels >= Vector512<T>.Count)
            return new OperatorFactory<Lanes512<T>, T, Vector512<T>>(widest);
        return widest >= VectorWidth.Bits256 && channels >= Vector256<T>.Count
            ? new OperatorFactory<Lanes256<T>, T, Vector256<T>>(widest)
            : new OperatorFactory<Lanes128<T>, T, Vector128<T>>(widest);
    }
}

/// <inheritdoc/>
/// <param name="widest">The widest vectors to use where rows are long.</param>
internal sealed class OperatorFactory<L, T, V>(VectorWidth widest) : OperatorFactory
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    public override KernelOperator FeedForward(double eps, double dropout, long seed) =>
        new FeedForwardOperator<L, T, V>(eps, dropout, seed);

    public override KernelOperator Attention(long heads, double eps, double dropout, long seed) =>
        widest switch
        {
            VectorWidth.Bits512 => new AttentionOperator<L, V, Lanes512<T>, Vector512<T>, T>(heads, eps, dropout, seed),
            VectorWidth.Bits256 => new AttentionOperator<L, V, Lanes256<T>, Vector256<T>, T>(heads, eps, dropout, seed),
            _ => new AttentionOperator<L, V, Lanes128<T>, Vector128<T>, T>(heads, eps, dropout, seed),
        };

    public override KernelOperator ConvolutionModule(double eps, BatchNormState batchNorm) =>
        new ConvolutionModuleOperator<L, T, V>(eps, batchNorm);

    public override KernelOperator DenseBlock(double eps) => new DenseBlockOperator<L, T, V>(eps);

    public override KernelOperator Convolution(ConvolutionShape shape) => new ConvolutionOperator<L, T, V>(shape);

    public override KernelOperator InstanceNorm(double eps) => new InstanceNormOperator<L, T, V>(eps);
}
