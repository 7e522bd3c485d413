using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// Learns to predict the normalised PESQ of an estimate from the clean and the estimated magnitude: two `[batch, 1, bins, frames]`
/// in, `[batch, 1]` in (0, 1) out. Needs at least 16 frames (four halvings).
/// </summary>
/// <remarks>Fu et al., "MetricGAN", 2019; layers as in CMGAN. Three forwards a training step mean three power iterations.</remarks>
public sealed class MetricDiscriminator : Module<Tensor, Tensor, Tensor>
{
    /// <summary>Fewest frames that survive four halvings.</summary>
    public const int LeastFrames = 16;

    // In a record, not in fields: TorchSharp would register each once more under its field's name.
    private readonly Head head;
    private readonly Module<Tensor, Tensor>[] stages;
    private readonly double dropout;

    /// <summary>Makes the network with libtorch's default initial values, drawn from the default generator.</summary>
    /// <param name="features">Channels of the first convolution; the fourth has eight times as many.</param>
    /// <param name="dropout">Probability before the last layer, 0 to 1.</param>
    public MetricDiscriminator(long features = 16, double dropout = 0.3) : base(nameof(MetricDiscriminator))
    {
        this.dropout = dropout;
        var layers = new Named("layers");
        long[] widths = [2, features, 2 * features, 4 * features, 8 * features];
        stages = new Module<Tensor, Tensor>[4 * 3];
        for (var i = 0; i < 4; i++)
        {
            stages[3 * i] = new SpectralConvolution(widths[i], widths[i + 1]);
            stages[(3 * i) + 1] = InstanceNorm2d(widths[i + 1], affine: true);
            stages[(3 * i) + 2] = PReLU(widths[i + 1]);
        }
        for (var i = 0; i < stages.Length; i++)
            layers.register_module($"{i}", stages[i]);
        head = new Head(new SpectralLinear(8 * features, 4 * features), PReLU(4 * features), new SpectralLinear(4 * features, 1), new LearnableSigmoid());
        layers.register_module("14", head.Hidden);
        layers.register_module("16", head.Activation);
        layers.register_module("17", head.Last);
        layers.register_module("18", head.Judgement);
        register_module("layers", layers);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        var x = cat([input1, input2], 1);  // clean first
        foreach (var stage in stages)
            x = stage.call(x);
        x = F.adaptive_max_pool2d(x, [1, 1]).flatten(1);  // global maximum: [batch, 8 * features]
        x = F.dropout(head.Hidden.call(x), dropout, training && dropout > 0);
        x = head.Last.call(head.Activation.call(x));
        return head.Judgement.call(x).MoveToOuterDisposeScope();
    }

    private sealed record Head(
        Module<Tensor, Tensor> Hidden, Module<Tensor, Tensor> Activation, Module<Tensor, Tensor> Last, Module<Tensor, Tensor> Judgement);
}

/// <summary>A sigmoid whose steepness is learnt.</summary>
internal sealed class LearnableSigmoid : Module<Tensor, Tensor>
{
    // Named as it is registered: see SpectralLayer.
    private readonly Parameter slope;

    public LearnableSigmoid() : base(nameof(LearnableSigmoid))
    {
        slope = Parameter(ones(1));
        register_parameter("slope", slope);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (slope * input).sigmoid().MoveToOuterDisposeScope();
    }
}
