using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Losses;

/// <summary>
/// What the discriminator minimises: mse(D(clean, estimate), q) over the samples that could be scored, plus
/// mse(D(clean, clean), 1) over all of them, whose target needs no PESQ (CMGAN, equation 5, with masking).
/// </summary>
public static class MetricLoss
{
    /// <summary>The scalar loss.</summary>
    /// <param name="scoreOfEstimate">D(clean, estimate), `[batch, 1]`.</param>
    /// <param name="scoreOfClean">D(clean, clean), `[batch, 1]`.</param>
    /// <param name="target">Normalised PESQ, `[batch, 1]`; where the mask is 0 its value has no influence, but must be finite.</param>
    /// <param name="mask">1 where the sample was scored, else 0, `[batch, 1]`; at least one must be 1.</param>
    /// <param name="maskBoth">Whether the clean/clean term leaves unscored samples out too.</param>
    public static Tensor Of(Tensor scoreOfEstimate, Tensor scoreOfClean, Tensor target, Tensor mask, bool maskBoth = false)
    {
        using var scope = NewDisposeScope();
        var ofEstimate = Masked((scoreOfEstimate - target).square(), mask);
        var ofClean = maskBoth
            ? Masked((scoreOfClean - 1).square(), mask)
            : F.mse_loss(scoreOfClean, ones_like(scoreOfClean));
        return (ofEstimate + ofClean).MoveToOuterDisposeScope();
    }

    private static Tensor Masked(Tensor error, Tensor mask) => (error * mask).sum() / mask.sum();
}
