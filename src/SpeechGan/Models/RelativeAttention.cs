using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// Multi-head self-attention whose scores add a learnt vector per distance between query and key (Shaw, Uszkoreit and
/// Vaswani, 2018): s(i, j) = d^(-1/2) * (q_i . k_j + q_i . E[clamp(i - j, -512, 512) + 512]). `[sequences, length, channels]`
/// in and out.
/// </summary>
internal sealed class RelativeAttention : Module<Tensor, Tensor>
{
    private readonly long heads, width;
    private readonly double dropout;
    private readonly Module<Tensor, Tensor> norm;
    private readonly Linear toQuery, toKeyValue, toOut;
    private readonly DistanceEmbedding distances;

    public RelativeAttention(long channels, long heads, double dropout) : base(nameof(RelativeAttention))
    {
        this.heads = heads;
        this.dropout = dropout;
        width = channels / heads;
        norm = LayerNorm(channels);
        toQuery = Linear(channels, heads * width, hasBias: false);
        toKeyValue = Linear(channels, 2 * heads * width, hasBias: false);
        toOut = Linear(heads * width, channels);
        distances = new DistanceEmbedding(width);
        register_module("norm", norm);
        register_module("fn", new Named("fn", ("to_q", toQuery), ("to_kv", toKeyValue), ("to_out", toOut), ("rel_pos_emb", distances)));
    }

    /// <summary>Most score elements held at once; larger inputs are worked through in groups of sequences.</summary>
    /// <remarks>
    /// Groups that stay in the cache are faster in training too, and they bound the memory of long files: at 16 s one
    /// ungrouped score tensor of the full-size network has 10^9 elements. The result does not depend on the grouping.
    /// </remarks>
    internal long MostScores { get; init; } = 1L << 20;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long sequences = input.shape[0], length = input.shape[1];
        var normed = norm.call(input);

        // One product for queries, keys and values; the scale goes into the (small) query weight.
        var weights = cat([toQuery.weight * (1 / Math.Sqrt(width)), toKeyValue.weight], 0);
        var projected = F.linear(normed, weights).view(sequences, length, 3, heads, width).permute(2, 0, 3, 1, 4);
        var parts = projected.reshape(3, sequences * heads, length, width).unbind(0);  // each [sequences * heads, length, width]

        var table = distances.Table(length);  // [length (query), width, length (key)]
        var rows = sequences * heads;
        var group = Math.Clamp(MostScores / (length * length), 1, rows);
        // Split, not narrow: its backward joins the groups' gradients once instead of adding a tensor of full size per group.
        Tensor[] queries = parts[0].split(group), keys = parts[1].split(group), values = parts[2].split(group);
        var outputs = new Tensor[queries.Length];
        for (var k = 0; k < outputs.Length; k++)
            outputs[k] = Attend(queries[k], keys[k], values[k], table);
        var attended = (outputs.Length == 1 ? outputs[0] : cat(outputs, 0))
            .view(sequences, heads, length, width).permute(0, 2, 1, 3).reshape(sequences, length, heads * width);
        return F.dropout(toOut.call(attended), dropout, training && dropout > 0).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(q k' + q E) v for queries, keys and values `[rows, length, width]`, the scale already in q.</summary>
    private static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor table)
    {
        using var scope = NewDisposeScope();
        // A product per query position with the vectors of its distances: [length, rows, width] x [length, width, length].
        var position = bmm(query.transpose(0, 1), table).transpose(0, 1);
        var scores = bmm(query, key.transpose(1, 2)).add_(position);  // [rows, length, length]
        return bmm(scores.softmax(-1), value).MoveToOuterDisposeScope();
    }
}

/// <summary>A learnt vector per clamped distance between two positions, shared by the heads of a block.</summary>
internal sealed class DistanceEmbedding : Module
{
    private const int MostDistance = 512;

    // Named as it is registered: see SpectralLayer.
    private readonly Parameter weight;

    public DistanceEmbedding(long width) : base(nameof(DistanceEmbedding))
    {
        weight = Parameter(randn((2 * MostDistance) + 1, width));
        register_parameter("weight", weight);
    }

    /// <summary>The vectors of all pairs of positions, `[length (query), width, length (key)]`.</summary>
    public Tensor Table(long length)
    {
        using var scope = NewDisposeScope();
        var at = arange(length, device: weight.device);
        var distance = (at.unsqueeze(1) - at.unsqueeze(0)).clamp(-MostDistance, MostDistance) + MostDistance;
        return weight.index_select(0, distance.reshape(-1)).view(length, length, weight.shape[1]).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
