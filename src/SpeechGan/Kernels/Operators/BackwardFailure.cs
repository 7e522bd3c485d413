using System.Runtime.ExceptionServices;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// What a backward pass of a kernel threw. No exception may pass through libtorch, so it waits here, and whoever called backward throws it.
/// </summary>
internal sealed class BackwardFailure
{
    private ExceptionDispatchInfo? first;

    /// <summary>Keeps the first.</summary>
    public void Keep(Exception e) => Interlocked.CompareExchange(ref first, ExceptionDispatchInfo.Capture(e), null);

    /// <summary>Throws what was kept, once.</summary>
    public void ThrowIfAny() => Interlocked.Exchange(ref first, null)?.Throw();
}
