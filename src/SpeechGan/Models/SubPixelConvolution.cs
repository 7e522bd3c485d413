using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// Doubles the bins (Shi et al., 2016, in one dimension): `[batch, channels, frames, bins]` to `[batch, channels, frames, 2 * bins]`.
/// </summary>
internal sealed class SubPixelConvolution : Module<Tensor, Tensor>
{
    private const int Factor = 2;
    private readonly Module<Tensor, Tensor> conv;

    public SubPixelConvolution(long channels) : base(nameof(SubPixelConvolution))
    {
        conv = Conv2d(channels, Factor * channels, (1L, 3L));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long batch = input.shape[0], channels = input.shape[1], frames = input.shape[2], bins = input.shape[3];
        return conv.call(F.pad(input, (1, 1, 0, 0)))
            .view(batch, Factor, channels, frames, bins)
            .permute(0, 2, 3, 4, 1)
            .reshape(batch, channels, frames, bins * Factor)
            .MoveToOuterDisposeScope();
    }
}
