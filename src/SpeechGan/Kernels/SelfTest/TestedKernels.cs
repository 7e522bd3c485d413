using SpeechGan.Models;
using SpeechGan.Runs;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>The kernels that a process computes with, and how they came out of their self-test.</summary>
public sealed class TestedKernels
{
    internal TestedKernels(INetworkKernels kernels, KernelRecord record, string? sentence) =>
        (Kernels, Record, Sentence) = (kernels, record, sentence);

    /// <summary>What was found, for the run's record.</summary>
    public KernelRecord Record { get; }

    /// <summary>What was switched off or is wrong, in one line; null where nothing is.</summary>
    public string? Sentence { get; }

    /// <summary>The kernels in force.</summary>
    internal INetworkKernels Kernels { get; }
}
