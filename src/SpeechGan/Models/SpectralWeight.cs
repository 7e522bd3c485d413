using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// A weight divided by its largest singular value, estimated by one power iteration per training-mode forward (Miyato et al.,
/// 2018, algorithm 1). The gradient flows through the estimate too, with u and v constant.
/// </summary>
internal sealed class SpectralWeight
{
    private const double LeastLength = 1e-12;
    private readonly Parameter weight;
    private readonly Tensor left, right;

    /// <summary>Registers `weight_orig`, `weight_u` and `weight_v` with the layer that uses the weight.</summary>
    public SpectralWeight(Module owner, Parameter initial)
    {
        weight = initial;
        left = Unit(randn(initial.shape[0]));
        right = Unit(randn(initial.NumberOfElements / initial.shape[0]));
        owner.register_parameter("weight_orig", weight);
        owner.register_buffer("weight_u", left);
        owner.register_buffer("weight_v", right);
    }

    /// <summary>The weight to use in this forward; in training mode the estimate advances first.</summary>
    public Tensor Next(bool training)
    {
        using var scope = NewDisposeScope();
        var matrix = weight.view(weight.shape[0], -1);
        if (training)
            using (no_grad())
            {
                right.copy_(Unit(matrix.t().matmul(left)));
                left.copy_(Unit(matrix.matmul(right)));
            }
        // Copies, since the next forward changes u and v before this one's backward needs them.
        Tensor u = left.clone(), v = right.clone();
        var sigma = (u * matrix.matmul(v)).sum();
        return (weight / sigma).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor t) => t / linalg.vector_norm(t, 2).clamp_min(LeastLength);
}

/// <summary>A 4x4 convolution with stride 2, without bias, under spectral normalisation.</summary>
internal sealed class SpectralConvolution : Module<Tensor, Tensor>
{
    private readonly SpectralWeight weight;

    public SpectralConvolution(long inputs, long outputs) : base(nameof(SpectralConvolution))
    {
        using var plain = Conv2d(inputs, outputs, (4L, 4L), bias: false);
        weight = new SpectralWeight(this, Parameter(plain.weight.detach().clone()));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return F.conv2d(input, weight.Next(training), null, [2, 2], [1, 1]).MoveToOuterDisposeScope();
    }
}

/// <summary>A linear layer with bias under spectral normalisation.</summary>
internal sealed class SpectralLinear : Module<Tensor, Tensor>
{
    private readonly SpectralWeight weight;
    private readonly Parameter bias;

    public SpectralLinear(long inputs, long outputs) : base(nameof(SpectralLinear))
    {
        using var plain = Linear(inputs, outputs);
        bias = Parameter(plain.bias!.detach().clone());
        register_parameter("bias", bias);
        weight = new SpectralWeight(this, Parameter(plain.weight.detach().clone()));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return F.linear(input, weight.Next(training), bias).MoveToOuterDisposeScope();
    }
}
