using SpeechGan.Kernels.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Features `[batch, channels, frames, 101]` to a magnitude mask `[batch, 1, frames, 201]`.</summary>
internal sealed class MaskDecoder : Module<Tensor, Tensor>
{
    private const double InitialSlope = -0.25;
    private readonly Module<Tensor, Tensor> dense_block,
        sub_pixel,
        prelu_out;
    private readonly Conv2d conv_1,
        final_conv;
    private readonly InstanceNorm2d norm;
    private readonly PReLU prelu;
    private readonly INetworkKernels kernels;

    public MaskDecoder(long channels, INetworkKernels kernels)
        : base(nameof(MaskDecoder))
    {
        this.kernels = kernels;
        dense_block = new DilatedDenseBlock(channels, kernels);
        sub_pixel = new SubPixelConvolution(channels, kernels);
        conv_1 = Conv2d(channels, 1, (1L, 2L));
        norm = InstanceNorm2d(1, DilatedDenseBlock.NormEps, affine: true);
        prelu = PReLU(1);
        final_conv = Conv2d(1, 1, (1L, 1L));
        prelu_out = PReLU(Spectrum.Bins, InitialSlope);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = kernels.Convolve(sub_pixel.call(dense_block.call(input)), conv_1.weight!, conv_1.bias, ConvolutionShape.Dense);
        x = kernels.NormActivate(x, norm, prelu);
        x = kernels.Convolve(x, final_conv.weight!, final_conv.bias, ConvolutionShape.Dense); // [batch, 1, frames, bins]
        // One slope per bin: PReLU's axis is 1, so bins go there and back.
        return prelu_out.call(x.permute(0, 3, 2, 1)).permute(0, 3, 2, 1).MoveToOuterDisposeScope();
    }
}
