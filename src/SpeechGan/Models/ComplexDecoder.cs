using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Features `[batch, channels, frames, 101]` to a complex correction `[batch, 2, frames, 201]`.</summary>
internal sealed class ComplexDecoder : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> dense_block, sub_pixel, prelu, norm, conv;

    public ComplexDecoder(long channels, INetworkKernels kernels) : base(nameof(ComplexDecoder))
    {
        dense_block = new DilatedDenseBlock(channels, kernels);
        sub_pixel = new SubPixelConvolution(channels);
        prelu = PReLU(channels);
        norm = InstanceNorm2d(channels, affine: true);
        conv = Conv2d(channels, 2, (1L, 2L));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return conv.call(prelu.call(norm.call(sub_pixel.call(dense_block.call(input))))).MoveToOuterDisposeScope();
    }
}
