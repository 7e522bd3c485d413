using SpeechGan.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Tools.Bench.Reference;

/// <summary>A conformer block with the operators of the published trainer, one for one.</summary>
internal sealed class ReferenceConformer : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> first, attention, convolution, second, postNorm;

    public ReferenceConformer(long channels, long heads, double dropout) : base(nameof(ReferenceConformer))
    {
        first = new ReferenceFeedForward(channels, dropout);
        attention = new ReferenceAttention(channels, heads, dropout);
        convolution = new ReferenceConvolution(channels);
        second = new ReferenceFeedForward(channels, dropout);
        postNorm = LayerNorm(channels);
        register_module("ff1", first);
        register_module("attn", attention);
        register_module("conv", convolution);
        register_module("ff2", second);
        register_module("post_norm", postNorm);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = first.call(input) + input;
        x = attention.call(x) + x;
        x = convolution.call(x) + x;
        x = second.call(x) + x;
        return postNorm.call(x).MoveToOuterDisposeScope();
    }
}

/// <summary>Swish as x * sigmoid(x), dropout of its own after each linear layer.</summary>
internal sealed class ReferenceFeedForward : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> norm, expand, contract;
    private readonly double dropout;

    public ReferenceFeedForward(long channels, double dropout) : base(nameof(ReferenceFeedForward))
    {
        this.dropout = dropout;
        norm = LayerNorm(channels);
        expand = Linear(channels, 4 * channels);
        contract = Linear(4 * channels, channels);
        register_module("fn", new Named("fn", ("norm", norm), ("fn", new Named("fn", ("net", new Named("net", ("0", expand), ("3", contract)))))));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = expand.call(norm.call(input));
        x = F.dropout(x * x.sigmoid(), dropout, training);
        return (F.dropout(contract.call(x), dropout, training) * 0.5).MoveToOuterDisposeScope();
    }
}

/// <summary>Separate projections, a gathered table, two score tensors scaled and added, all sequences at once.</summary>
internal sealed class ReferenceAttention : Module<Tensor, Tensor>
{
    private const int MostDistance = 512;
    private readonly long heads, width;
    private readonly double dropout;
    private readonly Module<Tensor, Tensor> norm;
    private readonly Linear toQuery, toKeyValue, toOut;
    private readonly Parameter distances;

    public ReferenceAttention(long channels, long heads, double dropout) : base(nameof(ReferenceAttention))
    {
        (this.heads, this.dropout, width) = (heads, dropout, channels / heads);
        norm = LayerNorm(channels);
        toQuery = Linear(channels, channels, hasBias: false);
        toKeyValue = Linear(channels, 2 * channels, hasBias: false);
        toOut = Linear(channels, channels);
        distances = Parameter(randn((2 * MostDistance) + 1, width));
        var positions = new Named("rel_pos_emb");
        positions.register_parameter("weight", distances);
        register_module("norm", norm);
        register_module("fn", new Named("fn", ("to_q", toQuery), ("to_kv", toKeyValue), ("to_out", toOut), ("rel_pos_emb", positions)));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long sequences = input.shape[0], length = input.shape[1];
        var x = norm.call(input);
        var keyValue = toKeyValue.call(x).chunk(2, -1);
        Tensor q = Heads(toQuery.call(x)), k = Heads(keyValue[0]), v = Heads(keyValue[1]);
        var scale = 1 / Math.Sqrt(width);
        var dots = einsum("bhid,bhjd->bhij", q, k) * scale;
        var at = arange(length);
        var distance = (at.unsqueeze(1) - at.unsqueeze(0)).clamp(-MostDistance, MostDistance) + MostDistance;
        var table = distances.index_select(0, distance.reshape(-1)).view(length, length, width);
        var position = einsum("bhnd,nrd->bhnr", q, table) * scale;
        dots = dots + position;
        var attended = einsum("bhij,bhjd->bhid", dots.softmax(-1), v).permute(0, 2, 1, 3).reshape(sequences, length, heads * width);
        return F.dropout(toOut.call(attended), dropout, training).MoveToOuterDisposeScope();

        Tensor Heads(Tensor t) => t.reshape(sequences, length, heads, width).permute(0, 2, 1, 3);
    }
}

/// <summary>Pointwise convolutions between transpositions.</summary>
internal sealed class ReferenceConvolution : Module<Tensor, Tensor>
{
    private const int Kernel = 31;
    private readonly Module<Tensor, Tensor> norm, expand, depthwise, batchNorm, contract;

    public ReferenceConvolution(long channels) : base(nameof(ReferenceConvolution))
    {
        norm = LayerNorm(channels);
        expand = Conv1d(channels, 4 * channels, 1);
        depthwise = Conv1d(2 * channels, 2 * channels, Kernel, groups: 2 * channels);
        batchNorm = BatchNorm1d(2 * channels);
        contract = Conv1d(2 * channels, channels, 1);
        register_module("net", new Named(
            "net", ("0", norm), ("2", expand), ("4", new Named("4", ("conv", depthwise))), ("5", batchNorm), ("7", contract)));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = expand.call(norm.call(input).transpose(1, 2)).chunk(2, 1);
        var x = halves[0] * halves[1].sigmoid();
        x = batchNorm.call(depthwise.call(F.pad(x, (Kernel / 2, Kernel / 2))));
        x = x * x.sigmoid();
        return contract.call(x).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
