using SpeechGan.Kernels.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>The parts in TorchSharp's operators: on any device, and what the fused form is held against.</summary>
internal sealed class OperatorKernels : INetworkKernels
{
    /// <summary>Most score elements held at once by default: groups that stay in a CPU's cache are faster, and bound the memory of long
    /// files.</summary>
    internal const long CacheScores = 1L << 20;

    /// <summary>Most score elements held at once; larger inputs are worked through in groups of sequences. The result does not depend on
    /// it.</summary>
    /// <remarks>At 16 s one ungrouped score tensor of the full-size network has 10^9 elements.</remarks>
    internal long MostScores { get; init; } = CacheScores;

    public void EndBackward()
    {
        // TorchSharp's own operators report errors where backward is called.
    }

    public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout)
    {
        using var scope = NewDisposeScope();
        var hidden = F.dropout(F.silu(parts.Expand.call(parts.Norm.call(x))), dropout, dropout > 0);
        return ((F.dropout(parts.Contract.call(hidden), dropout, dropout > 0) * 0.5) + x).MoveToOuterDisposeScope();
    }

    public Tensor Attention(Tensor x, AttentionParts parts, double dropout)
    {
        using var scope = NewDisposeScope();
        long sequences = x.shape[0],
            length = x.shape[1],
            inner = parts.Query.weight.shape[0],
            heads = parts.Heads,
            width = inner / heads;

        // One product for queries, keys and values; the scale goes into the (small) query weight.
        var weights = cat([parts.Query.weight * (1 / Math.Sqrt(width)), parts.KeyValue.weight], 0);
        var projected = F.linear(parts.Norm.call(x), weights).view(sequences, length, 3, heads, width).permute(2, 0, 3, 1, 4);
        var qkv = projected.reshape(3, sequences * heads, length, width).unbind(0); // each [sequences * heads, length, width]

        var table = parts.Distances.Table(length); // [length (query), width, length (key)]
        var rows = sequences * heads;
        var group = Math.Clamp(MostScores / (length * length), 1, rows);
        // Split, not narrow: its backward joins the groups' gradients once instead of adding a tensor of full size per group.
        Tensor[] queries = qkv[0].split(group),
            keys = qkv[1].split(group),
            values = qkv[2].split(group);
        var outputs = new Tensor[queries.Length];
        for (var k = 0; k < outputs.Length; k++)
            outputs[k] = Attend(queries[k], keys[k], values[k], table);
        var attended = (outputs.Length == 1 ? outputs[0] : cat(outputs, 0))
            .view(sequences, heads, length, width)
            .permute(0, 2, 1, 3)
            .reshape(sequences, length, inner);
        return (F.dropout(parts.Output.call(attended), dropout, dropout > 0) + x).MoveToOuterDisposeScope();
    }

    public Tensor Convolution(Tensor x, ConvolutionParts parts) => Convolution(x, parts, parts.BatchNorm.call);

    /// <summary>The same with another normalisation of the depthwise result's rows, `[positions, gated channels]`.</summary>
    internal static Tensor Convolution(Tensor x, ConvolutionParts parts, Func<Tensor, Tensor> normalise)
    {
        using var scope = NewDisposeScope();
        long sequences = x.shape[0],
            length = x.shape[1],
            channels = x.shape[2];
        // Pointwise convolutions are linear layers over the last axis; so nothing is transposed.
        // [sequences, length, 2 * channels]
        var gated = F.glu(F.linear(parts.Norm.call(x), parts.Expand.weight.squeeze(-1), parts.Expand.bias), -1);
        // The depthwise one reads the same memory as an image of height 1 whose channels come last.
        var taps = parts.Depthwise.weight;
        var mixed = F.conv2d(
            gated.transpose(1, 2).unsqueeze(2),
            taps.unsqueeze(2),
            parts.Depthwise.bias,
            padding: [0, taps.shape[^1] / 2],
            groups: gated.shape[2]
        );
        var rows = mixed.permute(0, 2, 3, 1).reshape(sequences * length, gated.shape[2]); // BatchNorm's statistics are over all positions
        var contracted = F.linear(F.silu(normalise(rows)), parts.Contract.weight.squeeze(-1), parts.Contract.bias);
        return (contracted.view(sequences, length, channels) + x).MoveToOuterDisposeScope();
    }

    public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers)
    {
        using var scope = NewDisposeScope();
        var skip = x;
        for (var i = 0; i < layers.Count; i++)
        {
            var padded = F.pad(skip, (1, 1, 1 << i, 0)); // one bin on each side, the past only in time
            x = layers[i].Activation.call(layers[i].Norm.call(layers[i].Convolution.call(padded)));
            if (i < layers.Count - 1)
                skip = cat([x, skip], 1);
        }
        return x.MoveToOuterDisposeScope();
    }

    public Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape) =>
        F.conv2d(x, weight, bias, [shape.Stride.Rows, shape.Stride.Columns], [shape.Padding.Rows, shape.Padding.Columns]);

    public Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation)
    {
        using var scope = NewDisposeScope();
        return activation.call(norm.call(x)).MoveToOuterDisposeScope();
    }

    /// <summary>softmax(q k' + q E) v for queries, keys and values `[rows, length, width]`, the scale already in q.</summary>
    private static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor table)
    {
        using var scope = NewDisposeScope();
        // A product per query position with the vectors of its distances: [length, rows, width] x [length, width, length].
        var position = bmm(query.transpose(0, 1), table).transpose(0, 1);
        var scores = bmm(query, key.transpose(1, 2)).add_(position); // [rows, length, length]
        return bmm(scores.softmax(-1), value).MoveToOuterDisposeScope();
    }
}
