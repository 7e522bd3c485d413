using SpeechGan.Kernels.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>Features `[batch, channels, frames, 101]` to a complex correction `[batch, 2, frames, 201]`.</summary>
internal sealed class ComplexDecoder : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> dense_block,
        sub_pixel;
    private readonly PReLU prelu;
    private readonly InstanceNorm2d norm;
    private readonly Conv2d conv;
    private readonly INetworkKernels kernels;

    public ComplexDecoder(long channels, INetworkKernels kernels)
        : base(nameof(ComplexDecoder))
    {
        this.kernels = kernels;
        dense_block = new DilatedDenseBlock(channels, kernels);
        sub_pixel = new SubPixelConvolution(channels, kernels);
        prelu = PReLU(channels);
        norm = InstanceNorm2d(channels, DilatedDenseBlock.NormEps, affine: true);
        conv = Conv2d(channels, 2, (1L, 2L));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = kernels.NormActivate(sub_pixel.call(dense_block.call(input)), norm, prelu);
        return kernels.Convolve(x, conv.weight!, conv.bias, ConvolutionShape.Dense).MoveToOuterDisposeScope();
    }
}
