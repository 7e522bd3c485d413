using SpeechGan.Configuration;
using SpeechGan.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>The discriminator's half of a training step.</summary>
internal sealed class DiscriminatorPass(Networks networks, MetricConfig metric)
{
    /// <summary>Leaves the gradient of the masked loss in the discriminator's parameters; the caller steps the optimiser.</summary>
    /// <param name="cleanMagnitude">`[batch, 1, bins, frames]`.</param>
    /// <param name="estimateMagnitude">`[batch, 1, bins, frames]`, detached.</param>
    /// <param name="targets">Normalised PESQ by sample; any finite value where masked.</param>
    /// <param name="mask">Whether the sample enters the PESQ term; at least one of the whole batch does.</param>
    /// <param name="whole">What the whole batch holds where this is one rank's part of it: the parts' losses and gradients sum to the
    /// whole's.</param>
    /// <returns>The loss, and the discriminator's output for every estimate and for every clean signal beside itself.</returns>
    public (double Loss, double[] Scores, double[] OfClean) Run(
        Tensor cleanMagnitude,
        Tensor estimateMagnitude,
        IReadOnlyList<double> targets,
        IReadOnlyList<bool> mask,
        WholeBatch? whole = null
    )
    {
        using var scope = NewDisposeScope();
        var discriminator = networks.Discriminator!;
        var target = tensor(targets.ToArray(), [targets.Count, 1], dtype: networks.Type, device: networks.Device);
        var weight = tensor(mask.Select(m => m ? 1.0 : 0.0).ToArray(), [mask.Count, 1], dtype: networks.Type, device: networks.Device);
        // The order of the two forwards matters: each advances the power iteration.
        var ofEstimate = discriminator.call(cleanMagnitude, estimateMagnitude);
        var ofClean = discriminator.call(cleanMagnitude, cleanMagnitude);
        var both = metric.MaskedTerms == MaskedTerms.Both;
        var loss = whole is { } w
            ? MetricLoss.PartOf(ofEstimate, ofClean, target, weight, both, w.Used, w.Samples)
            : MetricLoss.Of(ofEstimate, ofClean, target, weight, both);
        networks.DiscriminatorOptimizer!.zero_grad();
        try
        {
            loss.backward();
        }
        finally
        {
            discriminator.EndBackward();
        }
        return (loss.ToDouble(), Values(ofEstimate), Values(ofClean));

        static double[] Values(Tensor said) => said.detach().to(float64).cpu().data<double>().ToArray();
    }
}

/// <summary>The batch of all ranks together.</summary>
/// <param name="Used">Samples that enter the discriminator's PESQ term.</param>
/// <param name="Samples">Samples.</param>
internal readonly record struct WholeBatch(int Used, int Samples);
