namespace SpeechGan.Models;

internal static partial class ConformerKernels
{
    // TorchSharp's packages bring no native part of ours.
    private static partial IConformerKernels? Native(IConformerKernels elsewhere) => null;
}
