using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// A conformer's convolution part: LayerNorm, pointwise expansion with a gated linear unit, depthwise convolution over 31
/// positions, BatchNorm, Swish, pointwise contraction, added to its input. `[sequences, length, channels]` in and out.
/// </summary>
/// <remarks>
/// BatchNorm's statistics are over all sequences at once: this, and not InstanceNorm, is where a sample's result in
/// training mode depends on its batch.
/// </remarks>
internal sealed class ConvolutionModule : Module<Tensor, Tensor>
{
    /// <summary>BatchNorm's constants, libtorch's defaults.</summary>
    internal const double BatchNormEps = 1e-5,
        BatchNormMomentum = 0.1;

    /// <summary>Positions of the depthwise filter.</summary>
    internal const int Kernel = 31;

    private readonly ConvolutionParts parts;
    private readonly INetworkKernels kernels;
    private SynchronisedBatchNorm? synchronised; // null: statistics over this process's batch alone

    public ConvolutionModule(long channels, INetworkKernels kernels)
        : base(nameof(ConvolutionModule))
    {
        this.kernels = kernels;
        parts = new ConvolutionParts(
            LayerNorm(channels),
            Conv1d(channels, 4 * channels, 1),
            Conv1d(2 * channels, 2 * channels, Kernel, padding: Kernel / 2, groups: 2 * channels),
            BatchNorm1d(2 * channels, BatchNormEps, BatchNormMomentum),
            Conv1d(2 * channels, channels, 1)
        );
        register_module(
            "net",
            new Named(
                "net",
                ("0", parts.Norm),
                ("2", parts.Expand),
                ("4", new Named("4", ("conv", parts.Depthwise))),
                ("5", parts.BatchNorm),
                ("7", parts.Contract)
            )
        );
    }

    /// <summary>Has BatchNorm's statistics over the batches of all processes from now on.</summary>
    /// <param name="sum">The sum of a tensor over all processes, part of the graph.</param>
    public void Synchronise(Func<Tensor, Tensor> sum) => synchronised = new SynchronisedBatchNorm(parts.BatchNorm, sum);

    public override Tensor forward(Tensor input) =>
        synchronised is null ? kernels.Convolution(input, parts) : OperatorKernels.Convolution(input, parts, synchronised.Normalise);
}
