using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>BatchNorm's running statistics and how they move.</summary>
/// <param name="Mean">`[channels]`, changed in training.</param>
/// <param name="Variance">`[channels]`, changed in training.</param>
/// <param name="IsTraining">Whether the batch's own statistics count.</param>
/// <param name="Momentum">Share of the batch in the running statistics.</param>
/// <param name="Eps">Added to the variance.</param>
internal sealed record BatchNormState(Tensor Mean, Tensor Variance, bool IsTraining, double Momentum, double Eps)
{
    /// <summary>Moves the running statistics; the variance's are unbiased, as PyTorch has them.</summary>
    /// <param name="mean">Of the batch.</param>
    /// <param name="variance">Of the batch, biased.</param>
    /// <param name="count">Positions of the batch.</param>
    public void Move(Tensor mean, Tensor variance, long count)
    {
        using var quiet = no_grad();
        Mean.mul_(1 - Momentum).add_(mean, Momentum);
        Variance.mul_(1 - Momentum).add_(variance, Momentum * count / (count - 1));
    }
}
