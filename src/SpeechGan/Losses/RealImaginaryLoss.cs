using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Losses;

/// <summary>Mean squared error of the compressed real part plus that of the imaginary part (CMGAN, equation 6, "RI").</summary>
public static class RealImaginaryLoss
{
    /// <summary>The scalar term; zero exactly where estimate and clean agree.</summary>
    /// <param name="estimateReal">`[batch, 1, bins, frames]`, as are the others.</param>
    /// <param name="estimateImaginary">The estimate's imaginary part.</param>
    /// <param name="cleanReal">The target's real part.</param>
    /// <param name="cleanImaginary">The target's imaginary part.</param>
    public static Tensor Of(Tensor estimateReal, Tensor estimateImaginary, Tensor cleanReal, Tensor cleanImaginary)
    {
        using var scope = NewDisposeScope();
        return (F.mse_loss(estimateReal, cleanReal) + F.mse_loss(estimateImaginary, cleanImaginary)).MoveToOuterDisposeScope();
    }
}
