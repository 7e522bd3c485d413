using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Losses;

/// <summary>The generator's distance from the best score the discriminator can give (CMGAN, equation 5).</summary>
public static class AdversarialLoss
{
    /// <summary>The scalar term mse(D(clean, estimate), 1), its ones shaped like the output whatever the batch.</summary>
    /// <param name="score">The discriminator's output for (clean, estimate), `[batch, 1]`.</param>
    public static Tensor Of(Tensor score)
    {
        using var scope = NewDisposeScope();
        return F.mse_loss(score, ones_like(score)).MoveToOuterDisposeScope();
    }
}
