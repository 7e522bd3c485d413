using SpeechGan.Kernels.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// A layer whose weight is divided by its largest singular value, estimated by one power iteration per training-mode forward
/// (Miyato et al., 2018, algorithm 1). The gradient flows through the estimate too, with u and v constant.
/// </summary>
/// <remarks>
/// The fields carry the registered names: TorchSharp's <c>to</c> makes new tensors when type or device change, disposes the old ones,
/// and finds the field to set by that name.
/// </remarks>
internal abstract class SpectralLayer : Module<Tensor, Tensor>
{
    private const double LeastLength = 1e-12;
    private readonly Parameter weight_orig;
    private readonly Tensor weight_u,
        weight_v;

    /// <summary>Registers `weight_orig`, `weight_u` and `weight_v`; no iteration is made yet.</summary>
    protected SpectralLayer(string name, Parameter? bias, Tensor initial)
        : base(name)
    {
        if (bias is not null)
            register_parameter("bias", bias); // first, as the published checkpoints order it
        weight_orig = Parameter(initial);
        weight_u = Unit(randn(weight_orig.shape[0]));
        weight_v = Unit(randn(weight_orig.NumberOfElements / weight_orig.shape[0]));
        register_parameter("weight_orig", weight_orig);
        register_buffer("weight_u", weight_u);
        register_buffer("weight_v", weight_v);
    }

    /// <summary>The weight to use in this forward; in training mode the estimate advances first.</summary>
    protected Tensor NextWeight()
    {
        using var scope = NewDisposeScope();
        var matrix = weight_orig.view(weight_orig.shape[0], -1);
        if (training)
            using (no_grad())
            {
                weight_v.copy_(Unit(matrix.t().matmul(weight_u)));
                weight_u.copy_(Unit(matrix.matmul(weight_v)));
            }
        // Copies, since the next forward changes u and v before this one's backward needs them.
        Tensor u = weight_u.clone(),
            v = weight_v.clone();
        var sigma = (u * matrix.matmul(v)).sum();
        return (weight_orig / sigma).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor t) => t / linalg.vector_norm(t, 2).clamp_min(LeastLength);
}

/// <summary>A 4x4 convolution with stride 2, without bias, under spectral normalisation.</summary>
internal sealed class SpectralConvolution : SpectralLayer
{
    private static readonly ConvolutionShape Shape = new((2, 2), (1, 1));
    private readonly INetworkKernels kernels;

    public SpectralConvolution(long inputs, long outputs, INetworkKernels kernels)
        : base(nameof(SpectralConvolution), null, InitialWeight(inputs, outputs)) => this.kernels = kernels;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return kernels.Convolve(input, NextWeight(), null, Shape).MoveToOuterDisposeScope();
    }

    private static Tensor InitialWeight(long inputs, long outputs)
    {
        using var plain = Conv2d(inputs, outputs, (4L, 4L), bias: false);
        return plain.weight.detach().clone();
    }
}

/// <summary>A linear layer with bias under spectral normalisation.</summary>
internal sealed class SpectralLinear : SpectralLayer
{
    private readonly Parameter bias;

    public SpectralLinear(long inputs, long outputs)
        : this(Initial(inputs, outputs)) { }

    private SpectralLinear((Parameter Bias, Tensor Weight) initial)
        : base(nameof(SpectralLinear), initial.Bias, initial.Weight) => bias = initial.Bias;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return F.linear(input, NextWeight(), bias).MoveToOuterDisposeScope();
    }

    private static (Parameter Bias, Tensor Weight) Initial(long inputs, long outputs)
    {
        using var plain = Linear(inputs, outputs);
        return (Parameter(plain.bias!.detach().clone()), plain.weight.detach().clone());
    }
}
