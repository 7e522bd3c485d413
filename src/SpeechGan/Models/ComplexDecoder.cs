using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Features `[batch, channels, frames, 101]` to a complex correction `[batch, 2, frames, 201]`.</summary>
internal sealed class ComplexDecoder : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> dense, subPixel, activation, norm, narrow;

    public ComplexDecoder(long channels, INetworkKernels kernels) : base(nameof(ComplexDecoder))
    {
        dense = new DilatedDenseBlock(channels, kernels);
        subPixel = new SubPixelConvolution(channels);
        activation = PReLU(channels);
        norm = InstanceNorm2d(channels, affine: true);
        narrow = Conv2d(channels, 2, (1L, 2L));
        register_module("dense_block", dense);
        register_module("sub_pixel", subPixel);
        register_module("prelu", activation);
        register_module("norm", norm);
        register_module("conv", narrow);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return narrow.call(activation.call(norm.call(subPixel.call(dense.call(input))))).MoveToOuterDisposeScope();
    }
}
