using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// Multi-head self-attention whose scores add a learnt vector per distance between query and key (Shaw, Uszkoreit and
/// Vaswani, 2018): s(i, j) = d^(-1/2) * (q_i . k_j + q_i . E[clamp(i - j, -512, 512) + 512]), added to its input.
/// `[sequences, length, channels]` in and out.
/// </summary>
internal sealed class RelativeAttention : Module<Tensor, Tensor>
{
    private readonly AttentionParts parts;
    private readonly INetworkKernels kernels;
    private readonly double dropout;

    public RelativeAttention(long channels, long heads, double dropout, INetworkKernels kernels)
        : base(nameof(RelativeAttention))
    {
        (this.dropout, this.kernels) = (dropout, kernels);
        long width = channels / heads,
            inner = heads * width;
        parts = new AttentionParts(
            LayerNorm(channels),
            Linear(channels, inner, hasBias: false),
            Linear(channels, 2 * inner, hasBias: false),
            Linear(inner, channels),
            new DistanceEmbedding(width),
            heads
        );
        register_module("norm", parts.Norm);
        register_module(
            "fn",
            new Named("fn", ("to_q", parts.Query), ("to_kv", parts.KeyValue), ("to_out", parts.Output), ("rel_pos_emb", parts.Distances))
        );
    }

    public override Tensor forward(Tensor input) => kernels.Attention(input, parts, training ? dropout : 0);
}

/// <summary>A learnt vector per clamped distance between two positions, shared by the heads of a block.</summary>
internal sealed class DistanceEmbedding : Module
{
    /// <summary>Farther positions share a vector.</summary>
    internal const int MostDistance = 512;

    // Named as it is registered: see SpectralLayer.
    private readonly Parameter weight;

    public DistanceEmbedding(long width)
        : base(nameof(DistanceEmbedding))
    {
        weight = Parameter(randn((2 * MostDistance) + 1, width));
        register_parameter("weight", weight);
    }

    /// <summary>The vectors by distance, the smallest first: `[2 * 512 + 1, width]`.</summary>
    public Tensor Weight => weight;

    /// <summary>The vectors of all pairs of positions, `[length (query), width, length (key)]`.</summary>
    public Tensor Table(long length)
    {
        using var scope = NewDisposeScope();
        var at = arange(length, device: weight.device);
        var distance = (at.unsqueeze(1) - at.unsqueeze(0)).clamp(-MostDistance, MostDistance) + MostDistance;
        return weight.index_select(0, distance.reshape(-1)).view(length, length, weight.shape[1]).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
