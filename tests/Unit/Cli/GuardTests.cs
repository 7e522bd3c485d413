using SpeechGan.Cli;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;

namespace SpeechGan.Tests.Unit.Cli;

/// <summary>What a machine that cannot compute gives its caller.</summary>
public sealed class GuardTests
{
    [Test]
    public void Wrong_kernels_and_a_missing_device_are_the_environments_fault()
    {
        Guard.Run(() => throw new KernelException("This machine computes the networks wrongly.")).Should().Be(3);
        Guard.Run(() => throw new EngineException("Device 'cuda' was asked for.")).Should().Be(3);
    }
}
