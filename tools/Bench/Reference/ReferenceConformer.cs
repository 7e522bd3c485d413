using SpeechGan.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Tools.Bench.Reference;

/// <summary>A conformer block with the operators of the published trainer, one for one.</summary>
/// <remarks>Here and below layers are held in records, not in fields: TorchSharp would register each once more under its field's
/// name.</remarks>
internal sealed class ReferenceConformer : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> ff1,
        attn,
        conv,
        ff2,
        post_norm;

    public ReferenceConformer(long channels, long heads, double dropout)
        : base(nameof(ReferenceConformer))
    {
        ff1 = new ReferenceFeedForward(channels, dropout);
        attn = new ReferenceAttention(channels, heads, dropout);
        conv = new ReferenceConvolution(channels);
        ff2 = new ReferenceFeedForward(channels, dropout);
        post_norm = LayerNorm(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = ff1.call(input) + input;
        x = attn.call(x) + x;
        x = conv.call(x) + x;
        x = ff2.call(x) + x;
        return post_norm.call(x).MoveToOuterDisposeScope();
    }
}

/// <summary>Swish as x * sigmoid(x), dropout of its own after each linear layer.</summary>
internal sealed class ReferenceFeedForward : Module<Tensor, Tensor>
{
    private readonly FeedForwardParts parts;
    private readonly double dropout;

    public ReferenceFeedForward(long channels, double dropout)
        : base(nameof(ReferenceFeedForward))
    {
        this.dropout = dropout;
        parts = new(LayerNorm(channels), Linear(channels, 4 * channels), Linear(4 * channels, channels));
        register_module(
            "fn",
            new Named(
                "fn",
                ("norm", parts.Norm),
                ("fn", new Named("fn", ("net", new Named("net", ("0", parts.Expand), ("3", parts.Contract)))))
            )
        );
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = parts.Expand.call(parts.Norm.call(input));
        x = F.dropout(x * x.sigmoid(), dropout, training);
        return (F.dropout(parts.Contract.call(x), dropout, training) * 0.5).MoveToOuterDisposeScope();
    }
}

/// <summary>Separate projections, a gathered table, two score tensors scaled and added, all sequences at once.</summary>
internal sealed class ReferenceAttention : Module<Tensor, Tensor>
{
    private const int MostDistance = 512;
    private readonly long heads,
        width;
    private readonly double dropout;
    private readonly AttentionParts parts;

    public ReferenceAttention(long channels, long heads, double dropout)
        : base(nameof(ReferenceAttention))
    {
        (this.heads, this.dropout, width) = (heads, dropout, channels / heads);
        parts = new(
            LayerNorm(channels),
            Linear(channels, channels, hasBias: false),
            Linear(channels, 2 * channels, hasBias: false),
            Linear(channels, channels),
            new DistanceEmbedding(width),
            heads
        );
        register_module("norm", parts.Norm);
        register_module(
            "fn",
            new Named("fn", ("to_q", parts.Query), ("to_kv", parts.KeyValue), ("to_out", parts.Output), ("rel_pos_emb", parts.Distances))
        );
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long sequences = input.shape[0],
            length = input.shape[1];
        var x = parts.Norm.call(input);
        var keyValue = parts.KeyValue.call(x).chunk(2, -1);
        Tensor q = Heads(parts.Query.call(x)),
            k = Heads(keyValue[0]),
            v = Heads(keyValue[1]);
        var scale = 1 / Math.Sqrt(width);
        var dots = einsum("bhid,bhjd->bhij", q, k) * scale;
        var at = arange(length);
        var distance = (at.unsqueeze(1) - at.unsqueeze(0)).clamp(-MostDistance, MostDistance) + MostDistance;
        var table = parts.Distances.Weight.index_select(0, distance.reshape(-1)).view(length, length, width);
        var position = einsum("bhnd,nrd->bhnr", q, table) * scale;
        dots = dots + position;
        var attended = einsum("bhij,bhjd->bhid", dots.softmax(-1), v).permute(0, 2, 1, 3).reshape(sequences, length, heads * width);
        return F.dropout(parts.Output.call(attended), dropout, training).MoveToOuterDisposeScope();

        Tensor Heads(Tensor t) => t.reshape(sequences, length, heads, width).permute(0, 2, 1, 3);
    }
}

/// <summary>Pointwise convolutions between transpositions.</summary>
internal sealed class ReferenceConvolution : Module<Tensor, Tensor>
{
    private const int Kernel = 31;
    private readonly ConvolutionParts parts;

    public ReferenceConvolution(long channels)
        : base(nameof(ReferenceConvolution))
    {
        parts = new(
            LayerNorm(channels),
            Conv1d(channels, 4 * channels, 1),
            Conv1d(2 * channels, 2 * channels, Kernel, groups: 2 * channels),
            BatchNorm1d(2 * channels),
            Conv1d(2 * channels, channels, 1)
        );
        register_module(
            "net",
            new Named(
                "net",
                ("0", parts.Norm),
                ("2", parts.Expand),
                ("4", new Named("4", ("conv", parts.Depthwise))),
                ("5", parts.BatchNorm),
                ("7", parts.Contract)
            )
        );
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = parts.Expand.call(parts.Norm.call(input).transpose(1, 2)).chunk(2, 1);
        var x = halves[0] * halves[1].sigmoid();
        x = parts.BatchNorm.call(parts.Depthwise.call(F.pad(x, (Kernel / 2, Kernel / 2))));
        x = x * x.sigmoid();
        return parts.Contract.call(x).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
