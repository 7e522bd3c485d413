using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Magnitude, real and imaginary part `[batch, 3, frames, 201]` to features `[batch, channels, frames, 101]`.</summary>
internal sealed class DenseEncoder : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> widen, dense, halve;

    public DenseEncoder(long inputs, long channels, INetworkKernels kernels) : base(nameof(DenseEncoder))
    {
        widen = Sequential(Conv2d(inputs, channels, (1L, 1L)), InstanceNorm2d(channels, affine: true), PReLU(channels));
        dense = new DilatedDenseBlock(channels, kernels);
        halve = Sequential(
            Conv2d(channels, channels, (1L, 3L), stride: (1L, 2L), padding: (0L, 1L)), InstanceNorm2d(channels, affine: true), PReLU(channels));
        register_module("conv_1", widen);
        register_module("dilated_dense", dense);
        register_module("conv_2", halve);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return halve.call(dense.call(widen.call(input))).MoveToOuterDisposeScope();
    }
}
