using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Models;

/// <summary>
/// A conformer's convolution part: LayerNorm, pointwise expansion with a gated linear unit, depthwise convolution over 31
/// positions, BatchNorm, Swish, pointwise contraction. `[sequences, length, channels]` in and out.
/// </summary>
/// <remarks>
/// BatchNorm's statistics are over all sequences at once: this, and not InstanceNorm, is where a sample's result in
/// training mode depends on its batch.
/// </remarks>
internal sealed class ConvolutionModule : Module<Tensor, Tensor>
{
    private const int Kernel = 31;
    private readonly Module<Tensor, Tensor> norm, depthwise, batchNorm;
    private readonly Conv1d expand, contract;

    public ConvolutionModule(long channels) : base(nameof(ConvolutionModule))
    {
        norm = LayerNorm(channels);
        expand = Conv1d(channels, 4 * channels, 1);
        depthwise = Conv1d(2 * channels, 2 * channels, Kernel, padding: Kernel / 2, groups: 2 * channels);
        batchNorm = BatchNorm1d(2 * channels);
        contract = Conv1d(2 * channels, channels, 1);
        register_module("net", new Named(
            "net", ("0", norm), ("2", expand), ("4", new Named("4", ("conv", depthwise))), ("5", batchNorm), ("7", contract)));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        // Pointwise convolutions are linear layers over the last axis; so no transposition is needed until the depthwise one.
        var gated = F.glu(F.linear(norm.call(input), expand.weight.squeeze(-1), expand.bias), -1);  // [sequences, length, 2 * channels]
        var mixed = batchNorm.call(depthwise.call(gated.transpose(1, 2)));
        var activated = F.silu(mixed).transpose(1, 2);
        return F.linear(activated, contract.weight.squeeze(-1), contract.bias).MoveToOuterDisposeScope();
    }
}
