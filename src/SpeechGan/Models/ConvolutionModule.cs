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
    private readonly Module<Tensor, Tensor> norm;
    private readonly BatchNorm1d batchNorm;
    private readonly Conv1d expand, depthwise, contract;
    private SynchronisedBatchNorm? synchronised;  // null: statistics over this process's batch alone

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

    /// <summary>Has BatchNorm's statistics over the batches of all processes from now on.</summary>
    /// <param name="sum">The sum of a tensor over all processes, part of the graph.</param>
    public void Synchronise(Func<Tensor, Tensor> sum) => synchronised = new SynchronisedBatchNorm(batchNorm, sum);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long sequences = input.shape[0], length = input.shape[1];
        // Pointwise convolutions are linear layers over the last axis; so nothing is transposed.
        var gated = F.glu(F.linear(norm.call(input), expand.weight.squeeze(-1), expand.bias), -1);  // [sequences, length, 2 * channels]
        // The depthwise one reads the same memory as an image of height 1 whose channels come last.
        var mixed = F.conv2d(
            gated.transpose(1, 2).unsqueeze(2), depthwise.weight.unsqueeze(2), depthwise.bias, padding: [0, Kernel / 2], groups: gated.shape[2]);
        var rows = mixed.permute(0, 2, 3, 1).reshape(sequences * length, gated.shape[2]);  // BatchNorm's statistics are over all positions
        return F.linear(F.silu(synchronised is null ? batchNorm.call(rows) : synchronised.Normalise(rows)), contract.weight.squeeze(-1), contract.bias)
            .view(sequences, length, input.shape[2]).MoveToOuterDisposeScope();
    }
}
