using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Magnitude, real and imaginary part `[batch, 3, frames, 201]` to features `[batch, channels, frames, 101]`.</summary>
internal sealed class DenseEncoder : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> conv_1, dilated_dense, conv_2;

    public DenseEncoder(long inputs, long channels, INetworkKernels kernels) : base(nameof(DenseEncoder))
    {
        conv_1 = Sequential(Conv2d(inputs, channels, (1L, 1L)), InstanceNorm2d(channels, affine: true), PReLU(channels));
        dilated_dense = new DilatedDenseBlock(channels, kernels);
        conv_2 = Sequential(
            Conv2d(channels, channels, (1L, 3L), stride: (1L, 2L), padding: (0L, 1L)), InstanceNorm2d(channels, affine: true), PReLU(channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv_2.call(dilated_dense.call(conv_1.call(input))).MoveToOuterDisposeScope();
    }
}
