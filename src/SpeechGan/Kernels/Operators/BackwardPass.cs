using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// What a network's kernels share over a backward pass. No exception may pass through libtorch, so the first waits here, and whoever called
/// backward throws it. libtorch copies the references it is given only after an operator has returned: they wait here for the next one, or
/// they would live as long as the step.
/// </summary>
internal sealed class BackwardPass
{
    private ExceptionDispatchInfo? first;
    private List<Tensor> handedOver = [];

    /// <summary>Keeps an exception; the first of a pass counts.</summary>
    public void Keep(Exception e) => Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);

    /// <summary>Takes the gradients that an operator gives to libtorch and frees those before, which libtorch has taken by now.</summary>
    public void HandOver(List<Tensor> gradients)
    {
        foreach (var gradient in gradients)
            gradient.DetachFromDisposeScope();
        foreach (var gradient in Interlocked.Exchange(ref handedOver, gradients))
            gradient.Dispose();
    }

    /// <summary>Ends the pass: frees what is left and throws what was kept.</summary>
    public void End()
    {
        HandOver([]);
        Interlocked.Exchange(ref first, null)?.Throw();
    }
}
