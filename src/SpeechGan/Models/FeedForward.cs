using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// A conformer's half-step feed forward: LayerNorm, Linear to four times the width, Swish, Dropout, Linear back, Dropout,
/// times one half. `[sequences, length, channels]` in and out.
/// </summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> norm, expand, contract;
    private readonly double dropout;

    public FeedForward(long channels, double dropout) : base(nameof(FeedForward))
    {
        this.dropout = dropout;
        norm = LayerNorm(channels);
        expand = Linear(channels, 4 * channels);
        contract = Linear(4 * channels, channels);
        // Named as the published checkpoints name it: fn (half) . fn (after the norm) . net (a sequence).
        var net = new Named("net", ("0", expand), ("3", contract));
        register_module("fn", new Named("fn", ("norm", norm), ("fn", new Named("fn", ("net", net)))));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = F.dropout(F.silu(expand.call(norm.call(input))), dropout, training && dropout > 0);
        return (F.dropout(contract.call(hidden), dropout, training && dropout > 0) * 0.5).MoveToOuterDisposeScope();
    }
}
