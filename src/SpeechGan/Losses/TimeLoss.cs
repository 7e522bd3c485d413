using static TorchSharp.torch;

namespace SpeechGan.Losses;

/// <summary>Mean absolute error of the waveforms (CMGAN, equation 7, "Time").</summary>
public static class TimeLoss
{
    /// <summary>The scalar term.</summary>
    /// <param name="estimate">`[batch, samples]`; the inverse transform returns whole hops, so it can be the shorter one.</param>
    /// <param name="clean">`[batch, samples]`, cut to the estimate's length.</param>
    public static Tensor Of(Tensor estimate, Tensor clean)
    {
        using var scope = NewDisposeScope();
        return (estimate - clean.narrow(-1, 0, estimate.shape[^1])).abs().mean().MoveToOuterDisposeScope();
    }
}
