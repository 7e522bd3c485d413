using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// A conformer's half-step feed forward: LayerNorm, Linear to four times the width, Swish, Dropout, Linear back, Dropout,
/// times one half, added to its input. `[sequences, length, channels]` in and out.
/// </summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly FeedForwardParts parts;
    private readonly INetworkKernels kernels;
    private readonly double dropout;

    public FeedForward(long channels, double dropout, INetworkKernels kernels)
        : base(nameof(FeedForward))
    {
        (this.dropout, this.kernels) = (dropout, kernels);
        parts = new FeedForwardParts(LayerNorm(channels), Linear(channels, 4 * channels), Linear(4 * channels, channels));
        // Named as the published checkpoints name it: fn (half) . fn (after the norm) . net (a sequence).
        var net = new Named("net", ("0", parts.Expand), ("3", parts.Contract));
        register_module("fn", new Named("fn", ("norm", parts.Norm), ("fn", new Named("fn", ("net", net)))));
    }

    public override Tensor forward(Tensor input) => kernels.FeedForward(input, parts, training ? dropout : 0);
}
