using SpeechGan.Configuration;
using SpeechGan.Kernels;

namespace SpeechGan.Models;

/// <summary>The one switch between the two ways to compute the networks' costly parts.</summary>
internal static class NetworkKernels
{
    /// <summary>The kernels of a choice.</summary>
    public static INetworkKernels For(KernelChoice choice) =>
        choice == KernelChoice.Fused ? new FusedKernels(new OperatorKernels(), VectorWidths.Best) : new OperatorKernels();
}
