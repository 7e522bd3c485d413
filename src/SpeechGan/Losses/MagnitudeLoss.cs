using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Losses;

/// <summary>Mean squared error of the compressed magnitudes (CMGAN, equation 6, "Mag").</summary>
public static class MagnitudeLoss
{
    /// <summary>The scalar term.</summary>
    /// <param name="estimate">`[batch, 1, bins, frames]`.</param>
    /// <param name="clean">`[batch, 1, bins, frames]`.</param>
    public static Tensor Of(Tensor estimate, Tensor clean) => F.mse_loss(estimate, clean);
}
