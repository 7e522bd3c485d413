using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// Four causal convolutions with dilations 1, 2, 4, 8 in time, each reading all that came before it (newest first).
/// `[batch, channels, frames, bins]` in and out.
/// </summary>
internal sealed class DilatedDenseBlock : Module<Tensor, Tensor>
{
    private const int Depth = 4;
    private readonly Module<Tensor, Tensor>[] convolutions = new Module<Tensor, Tensor>[Depth];
    private readonly Module<Tensor, Tensor>[] norms = new Module<Tensor, Tensor>[Depth];
    private readonly Module<Tensor, Tensor>[] activations = new Module<Tensor, Tensor>[Depth];

    public DilatedDenseBlock(long channels) : base(nameof(DilatedDenseBlock))
    {
        for (var i = 0; i < Depth; i++)
        {
            convolutions[i] = Conv2d((i + 1) * channels, channels, (2L, 3L), dilation: (1L << i, 1L));
            norms[i] = InstanceNorm2d(channels, affine: true);
            activations[i] = PReLU(channels);
            register_module($"conv{i + 1}", convolutions[i]);
            register_module($"norm{i + 1}", norms[i]);
            register_module($"prelu{i + 1}", activations[i]);
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor skip = input, x = input;
        for (var i = 0; i < Depth; i++)
        {
            var padded = F.pad(skip, (1, 1, 1 << i, 0));  // one bin on each side, the past only in time
            x = activations[i].call(norms[i].call(convolutions[i].call(padded)));
            if (i < Depth - 1)
                skip = cat([x, skip], 1);
        }
        return x.MoveToOuterDisposeScope();
    }
}
