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
        var ofClean = maskBoth ? Masked((scoreOfClean - 1).square(), mask) : F.mse_loss(scoreOfClean, ones_like(scoreOfClean));
        return (ofEstimate + ofClean).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// One process's part of the loss over the samples of several: the parts sum to <see cref="Of"/> of all of them, whatever is masked
    /// where. A process without a scored sample has its part like any other.
    /// </summary>
    /// <param name="scoreOfEstimate">D(clean, estimate), `[batch, 1]`.</param>
    /// <param name="scoreOfClean">D(clean, clean), `[batch, 1]`.</param>
    /// <param name="target">Normalised PESQ, `[batch, 1]`; finite also where the mask is 0.</param>
    /// <param name="mask">1 where the sample was scored, else 0, `[batch, 1]`; all may be 0.</param>
    /// <param name="maskBoth">Whether the clean/clean term leaves unscored samples out too.</param>
    /// <param name="scored">Samples of all processes that the mask lets through, at least 1.</param>
    /// <param name="samples">Samples of all processes.</param>
    public static Tensor PartOf(
        Tensor scoreOfEstimate,
        Tensor scoreOfClean,
        Tensor target,
        Tensor mask,
        bool maskBoth,
        int scored,
        int samples
    )
    {
        using var scope = NewDisposeScope();
        var ofEstimate = ((scoreOfEstimate - target).square() * mask).sum() / scored;
        var ofClean = maskBoth ? ((scoreOfClean - 1).square() * mask).sum() / scored : (scoreOfClean - 1).square().sum() / samples;
        return (ofEstimate + ofClean).MoveToOuterDisposeScope();
    }

    private static Tensor Masked(Tensor error, Tensor mask) => (error * mask).sum() / mask.sum();
}
