using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Features `[batch, channels, frames, 101]` to a magnitude mask `[batch, 1, frames, 201]`.</summary>
internal sealed class MaskDecoder : Module<Tensor, Tensor>
{
    private const double InitialSlope = -0.25;
    private readonly Module<Tensor, Tensor> dense_block, sub_pixel, conv_1, norm, prelu, final_conv, prelu_out;

    public MaskDecoder(long channels, INetworkKernels kernels) : base(nameof(MaskDecoder))
    {
        dense_block = new DilatedDenseBlock(channels, kernels);
        sub_pixel = new SubPixelConvolution(channels);
        conv_1 = Conv2d(channels, 1, (1L, 2L));
        norm = InstanceNorm2d(1, affine: true);
        prelu = PReLU(1);
        final_conv = Conv2d(1, 1, (1L, 1L));
        prelu_out = PReLU(Spectrum.Bins, InitialSlope);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = conv_1.call(sub_pixel.call(dense_block.call(input)));
        x = final_conv.call(prelu.call(norm.call(x)));  // [batch, 1, frames, bins]
        // One slope per bin: PReLU's axis is 1, so bins go there and back.
        return prelu_out.call(x.permute(0, 3, 2, 1)).permute(0, 3, 2, 1).MoveToOuterDisposeScope();
    }
}
