using SpeechGan.Kernels.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// Doubles the bins (Shi et al., 2016, in one dimension): `[batch, channels, frames, bins]` to `[batch, channels, frames, 2 * bins]`.
/// </summary>
internal sealed class SubPixelConvolution : Module<Tensor, Tensor>
{
    private const int Factor = 2;
    private static readonly ConvolutionShape Shape = new((1, 1), (0, 1));
    private readonly Conv2d conv;
    private readonly INetworkKernels kernels;

    public SubPixelConvolution(long channels, INetworkKernels kernels)
        : base(nameof(SubPixelConvolution))
    {
        this.kernels = kernels;
        conv = Conv2d(channels, Factor * channels, (1L, 3L), padding: (0L, 1L));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long batch = input.shape[0],
            channels = input.shape[1],
            frames = input.shape[2],
            bins = input.shape[3];
        return kernels
            .Convolve(input, conv.weight!, conv.bias, Shape)
            .view(batch, Factor, channels, frames, bins)
            .permute(0, 2, 3, 4, 1)
            .reshape(batch, channels, frames, bins * Factor)
            .MoveToOuterDisposeScope();
    }
}
