namespace SpeechGan.Models;

internal static partial class NetworkKernels
{
    // TorchSharp's packages bring no native part of ours.
    private static partial INetworkKernels? Native(INetworkKernels elsewhere) => null;
}
