using SpeechGan.Engine;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Tests.Unit.Kernels.SelfTest;

/// <summary>How kernels are broken on purpose.</summary>
internal enum Fault
{
    /// <summary>Feed forward: one channel of the input's gradient is half as large again.</summary>
    OneChannelsGradient,

    /// <summary>Feed forward: the result is a thousandth too large while oneDNN is on.</summary>
    WithOneDnn,

    /// <summary>Relative attention throws.</summary>
    Throws,

    /// <summary>Relative attention over more positions than there are distances: each has its neighbour's result.</summary>
    FarPositions,

    /// <summary>Convolution module: one number of the input's gradient is none.</summary>
    NotANumber,

    /// <summary>Plain convolutions: one result channel's weights have half as large a gradient again.</summary>
    WeightsGradient,

    /// <summary>Instance norm and PReLU: every sample has the first one's result.</summary>
    OneSampleForAll,

    /// <summary>Dense block: the third layer looks back two frames instead of four.</summary>
    DilationOfALayer,
}

/// <summary>Right kernels with one fault in one operator.</summary>
internal sealed class FaultyKernels(INetworkKernels right, Fault fault, LibraryPaths paths) : INetworkKernels
{
    public void EndBackward() => right.EndBackward();

    public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout) =>
        fault switch
        {
            Fault.OneChannelsGradient => right.FeedForward(WithGradient(x, g => g.select(-1, 1).mul_(1.5)), parts, dropout),
            Fault.WithOneDnn when paths.IsOn(LibraryPath.OneDnn) != false => right.FeedForward(x, parts, dropout) * 1.001,
            _ => right.FeedForward(x, parts, dropout),
        };

    public Tensor Attention(Tensor x, AttentionParts parts, double dropout)
    {
        if (fault == Fault.Throws)
            throw new InvalidOperationException("no such vector.\nat some place");
        if (fault == Fault.FarPositions && x.shape[1] > 513)
            return right.Attention(x, parts, dropout).roll(1, 1);
        return right.Attention(x, parts, dropout);
    }

    public Tensor Convolution(Tensor x, ConvolutionParts parts) =>
        right.Convolution(fault == Fault.NotANumber ? WithGradient(x, g => g.view(-1)[7] = double.NaN) : x, parts);

    public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers)
    {
        if (fault != Fault.DilationOfALayer)
            return right.DenseBlock(x, layers);
        var skip = x;
        for (var i = 0; i < layers.Count; i++)
        {
            var back = i == 2 ? 2 : 1 << i;
            var mixed = F.conv2d(
                F.pad(skip, (1, 1, back, 0)),
                layers[i].Convolution.weight!,
                layers[i].Convolution.bias,
                dilation: [back, 1]
            );
            x = layers[i].Activation.call(layers[i].Norm.call(mixed));
            skip = cat([x, skip], 1);
        }
        return x;
    }

    public Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape) =>
        right.Convolve(x, fault == Fault.WeightsGradient ? WithGradient(weight, g => g.select(0, 0).mul_(1.5)) : weight, bias, shape);

    public Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation) =>
        fault == Fault.OneSampleForAll
            ? right.NormActivate(x, norm, activation).narrow(0, 0, 1).expand(x.shape)
            : right.NormActivate(x, norm, activation);

    /// <summary>The same tensor, whose gradient is changed on its way back.</summary>
    internal static Tensor WithGradient(Tensor x, Action<Tensor> change) => x.requires_grad ? ChangedGradient.Of(x, change) : x;

    private sealed class ChangedGradient : autograd.SingleTensorFunction<ChangedGradient>
    {
        public override string Name => nameof(ChangedGradient);

        public static Tensor Of(Tensor x, Action<Tensor> change) => apply(x, change);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("change", vars[1]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var changed = grad_output.clone();
            ((Action<Tensor>)ctx.get_data("change"))(changed);
            return [changed, null!];
        }
    }
}
