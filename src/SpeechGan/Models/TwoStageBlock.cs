using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>A conformer along time, then one along frequency. `[batch, channels, frames, bins]` in and out.</summary>
internal sealed class TwoStageBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> time_conformer,
        freq_conformer;

    public TwoStageBlock(long channels, long heads, double dropout, INetworkKernels kernels)
        : base(nameof(TwoStageBlock))
    {
        time_conformer = new ConformerBlock(channels, heads, dropout, kernels);
        freq_conformer = new ConformerBlock(channels, heads, dropout, kernels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long batch = input.shape[0],
            channels = input.shape[1],
            frames = input.shape[2],
            bins = input.shape[3];
        var x = input.permute(0, 3, 2, 1).reshape(batch * bins, frames, channels);
        x = time_conformer.call(x) + x;
        x = x.view(batch, bins, frames, channels).permute(0, 2, 1, 3).reshape(batch * frames, bins, channels);
        x = freq_conformer.call(x) + x;
        return x.view(batch, frames, bins, channels).permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }
}
