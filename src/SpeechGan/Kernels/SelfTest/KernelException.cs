namespace SpeechGan.Kernels.SelfTest;

/// <summary>This machine computes an operator of the networks wrongly, and there is no other way to compute it.</summary>
public sealed class KernelException : Exception
{
    /// <summary>Makes it.</summary>
    public KernelException(string message)
        : base(message) { }
}
