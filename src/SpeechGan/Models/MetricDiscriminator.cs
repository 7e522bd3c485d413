using SpeechGan.Configuration;
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
    private readonly Stage[] stages;
    private readonly INetworkKernels kernels;
    private readonly double dropout;

    /// <summary>Makes the network with libtorch's default initial values, drawn from the default generator.</summary>
    /// <param name="features">Channels of the first convolution; the fourth has eight times as many.</param>
    /// <param name="dropout">Probability before the last layer, 0 to 1.</param>
    /// <param name="kernels">How convolutions and norms are computed; changes rounding, not the function.</param>
    public MetricDiscriminator(long features = 16, double dropout = 0.3, KernelChoice kernels = KernelChoice.Fused)
        : this(features, dropout, NetworkKernels.For(kernels)) { }

    /// <summary>The same with given kernels: those that a self-test found right.</summary>
    internal MetricDiscriminator(long features, double dropout, INetworkKernels kernels)
        : base(nameof(MetricDiscriminator))
    {
        (this.dropout, this.kernels) = (dropout, kernels);
        var layers = new Named("layers");
        long[] widths = [2, features, 2 * features, 4 * features, 8 * features];
        stages = new Stage[widths.Length - 1];
        for (var i = 0; i < stages.Length; i++)
        {
            stages[i] = new Stage(
                new SpectralConvolution(widths[i], widths[i + 1], kernels),
                InstanceNorm2d(widths[i + 1], DilatedDenseBlock.NormEps, affine: true),
                PReLU(widths[i + 1])
            );
            layers.register_module($"{3 * i}", stages[i].Convolution);
            layers.register_module($"{(3 * i) + 1}", stages[i].Norm);
            layers.register_module($"{(3 * i) + 2}", stages[i].Activation);
        }
        head = new Head(
            new SpectralLinear(8 * features, 4 * features),
            PReLU(4 * features),
            new SpectralLinear(4 * features, 1),
            new LearnableSigmoid()
        );
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
        var x = cat([input1, input2], 1); // clean first
        foreach (var stage in stages)
            x = kernels.NormActivate(stage.Convolution.call(x), stage.Norm, stage.Activation);
        x = F.adaptive_max_pool2d(x, [1, 1]).flatten(1); // global maximum: [batch, 8 * features]
        x = F.dropout(head.Hidden.call(x), dropout, training && dropout > 0);
        x = head.Last.call(head.Activation.call(x));
        return head.Judgement.call(x).MoveToOuterDisposeScope();
    }

    /// <summary>To be called after every backward pass: throws what the kernels threw in it.</summary>
    internal void EndBackward() => kernels.EndBackward();

    private sealed record Stage(SpectralConvolution Convolution, InstanceNorm2d Norm, PReLU Activation);

    private sealed record Head(
        Module<Tensor, Tensor> Hidden,
        Module<Tensor, Tensor> Activation,
        Module<Tensor, Tensor> Last,
        Module<Tensor, Tensor> Judgement
    );
}

/// <summary>A sigmoid whose steepness is learnt.</summary>
internal sealed class LearnableSigmoid : Module<Tensor, Tensor>
{
    // Named as it is registered: see SpectralLayer.
    private readonly Parameter slope;

    public LearnableSigmoid()
        : base(nameof(LearnableSigmoid))
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
