using SpeechGan.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>The one switch between the two ways to compute the generator's costly parts.</summary>
internal static partial class NetworkKernels
{
    /// <summary>The kernels of a choice. Where the native ones do not work (another device, TorchEngine=nuget) the operators do.</summary>
    public static INetworkKernels For(KernelChoice choice)
    {
        INetworkKernels operators = new OperatorKernels();
        return choice == KernelChoice.Fused ? Native(operators) ?? operators : operators;
    }

    /// <summary>The native kernels, which leave to <paramref name="elsewhere"/> what is not on the CPU; null where this engine has none.</summary>
    private static partial INetworkKernels? Native(INetworkKernels elsewhere);
}
