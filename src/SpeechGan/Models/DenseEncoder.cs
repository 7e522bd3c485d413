using SpeechGan.Kernels.Convolution;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Magnitude, real and imaginary part `[batch, 3, frames, 201]` to features `[batch, channels, frames, 101]`.</summary>
internal sealed class DenseEncoder : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv_1,
        dilated_dense,
        conv_2;

    public DenseEncoder(long inputs, long channels, INetworkKernels kernels)
        : base(nameof(DenseEncoder))
    {
        conv_1 = new ConvolutionStage(inputs, channels, (1, 1), ConvolutionShape.Dense, kernels);
        dilated_dense = new DilatedDenseBlock(channels, kernels);
        conv_2 = new ConvolutionStage(channels, channels, (1, 3), new ConvolutionShape((1, 2), (0, 1)), kernels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv_2.call(dilated_dense.call(conv_1.call(input))).MoveToOuterDisposeScope();
    }
}
