using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Features `[batch, channels, frames, 101]` to a magnitude mask `[batch, 1, frames, 201]`.</summary>
internal sealed class MaskDecoder : Module<Tensor, Tensor>
{
    private const double InitialSlope = -0.25;
    private readonly Module<Tensor, Tensor> dense, subPixel, narrow, norm, activation, final, perBin;

    public MaskDecoder(long channels, INetworkKernels kernels) : base(nameof(MaskDecoder))
    {
        dense = new DilatedDenseBlock(channels, kernels);
        subPixel = new SubPixelConvolution(channels);
        narrow = Conv2d(channels, 1, (1L, 2L));
        norm = InstanceNorm2d(1, affine: true);
        activation = PReLU(1);
        final = Conv2d(1, 1, (1L, 1L));
        perBin = PReLU(Spectrum.Bins, InitialSlope);
        register_module("dense_block", dense);
        register_module("sub_pixel", subPixel);
        register_module("conv_1", narrow);
        register_module("norm", norm);
        register_module("prelu", activation);
        register_module("final_conv", final);
        register_module("prelu_out", perBin);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = narrow.call(subPixel.call(dense.call(input)));
        x = final.call(activation.call(norm.call(x)));  // [batch, 1, frames, bins]
        // One slope per bin: PReLU's axis is 1, so bins go there and back.
        return perBin.call(x.permute(0, 3, 2, 1)).permute(0, 3, 2, 1).MoveToOuterDisposeScope();
    }
}
