using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// Four causal convolutions with dilations 1, 2, 4, 8 in time, each reading all that came before it (newest first).
/// `[batch, channels, frames, bins]` in and out.
/// </summary>
internal sealed class DilatedDenseBlock : Module<Tensor, Tensor>
{
    /// <summary>InstanceNorm's constant, libtorch's default.</summary>
    internal const double NormEps = 1e-5;

    /// <summary>Convolutions of a block.</summary>
    internal const int Depth = 4;

    private readonly DenseLayer[] layers = new DenseLayer[Depth];
    private readonly INetworkKernels kernels;

    public DilatedDenseBlock(long channels, INetworkKernels kernels)
        : base(nameof(DilatedDenseBlock))
    {
        this.kernels = kernels;
        for (var i = 0; i < Depth; i++)
        {
            layers[i] = new DenseLayer(
                Conv2d((i + 1) * channels, channels, (2L, 3L), dilation: (1L << i, 1L)),
                InstanceNorm2d(channels, NormEps, affine: true),
                PReLU(channels)
            );
            register_module($"conv{i + 1}", layers[i].Convolution);
            register_module($"norm{i + 1}", layers[i].Norm);
            register_module($"prelu{i + 1}", layers[i].Activation);
        }
    }

    public override Tensor forward(Tensor input) => kernels.DenseBlock(input, layers);
}
