using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>
/// BatchNorm whose statistics in training mode are over the rows of all processes: two sums over the group forward (count and mean, then
/// the centred second moment), and as many backward, which the graph holds. Weights, buffers and their names are the layer's own.
/// </summary>
/// <remarks>Ioffe and Szegedy, 2015, algorithm 1, over the union of the processes' rows. The running variance is unbiased, as PyTorch has
/// it.</remarks>
internal sealed class SynchronisedBatchNorm(BatchNorm1d layer, Func<Tensor, Tensor> sum)
{
    /// <summary>`[rows, channels]` in and out.</summary>
    public Tensor Normalise(Tensor rows)
    {
        if (!layer.training)
            return layer.call(rows);
        using var scope = NewDisposeScope();
        // Mean before second moment: centred values keep their digits, where a difference of squares would lose them.
        var count = full([1], rows.shape[0], rows.dtype, rows.device);
        var total = sum(cat([rows.sum(dim: 0), count]));
        var channels = rows.shape[1];
        var all = total.narrow(0, channels, 1).detach();
        var mean = total.narrow(0, 0, channels) / all;
        var centred = rows - mean;
        var variance = sum(centred.square().sum(dim: 0)) / all;
        using (no_grad())
        {
            layer.num_batches_tracked!.add_(1);
            layer.running_mean!.mul_(1 - ConvolutionModule.BatchNormMomentum).add_(mean.detach(), ConvolutionModule.BatchNormMomentum);
            layer
                .running_var!.mul_(1 - ConvolutionModule.BatchNormMomentum)
                .add_(variance.detach() * (all / (all - 1)), ConvolutionModule.BatchNormMomentum);
        }
        return ((centred * (variance + ConvolutionModule.BatchNormEps).rsqrt() * layer.weight!) + layer.bias!).MoveToOuterDisposeScope();
    }
}
