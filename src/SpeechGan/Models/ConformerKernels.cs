using SpeechGan.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>The one switch between the two ways to compute a conformer.</summary>
internal static partial class ConformerKernels
{
    /// <summary>The kernels of a choice. Where the native ones do not work (another device, TorchEngine=nuget) the operators do.</summary>
    public static IConformerKernels For(KernelChoice choice)
    {
        IConformerKernels operators = new OperatorKernels();
        return choice == KernelChoice.Fused ? Native(operators) ?? operators : operators;
    }

    /// <summary>The native kernels, which leave to <paramref name="elsewhere"/> what is not on the CPU; null where this engine has none.</summary>
    private static partial IConformerKernels? Native(IConformerKernels elsewhere);
}
