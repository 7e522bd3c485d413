using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>The devices a fact is shown on: the CPU, small, so that the code is proven where no GPU is; and a GPU, category Gpu, skipped by
/// name without one.</summary>
internal static class Devices
{
    /// <summary>A case a device.</summary>
    public static IEnumerable<TestCaseData> All => [new TestCaseData("cpu"), new TestCaseData("cuda").SetCategory("Gpu")];

    /// <summary>Skips the test where the device is not here, with the way to run it.</summary>
    public static void Require(string device)
    {
        if (device != "cpu" && !cuda.is_available())
            Assert.Ignore(
                "no CUDA device that libtorch can use; on a machine with one: dotnet test tests/GpuIntegration --filter "
                    + "TestCategory=Gpu, or without .NET the folder that tools/publish-gpu-suite makes (docs/gpu.md)"
            );
    }
}
