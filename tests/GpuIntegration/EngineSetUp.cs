using SpeechGan.Engine;
using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// Without libtorch all are skipped by name, or fail where SPEECHGAN_REQUIRE_ENGINE is 1 (the published suite). TF32 is switched off for
/// the whole suite: libtorch lets cuDNN's convolutions round their inputs to ten bits by default, a thousand times what float32 rounds, and
/// agreement with the CPU would show only that.
/// </summary>
[SetUpFixture]
public sealed class EngineSetUp
{
    [OneTimeSetUp]
    public void Look_for_the_tensor_engine()
    {
        try
        {
            var libtorch = Libtorch.Require();
            TestContext.Progress.WriteLine(
                $"libtorch {EngineInfo.Libtorch} ({libtorch.Place?.Origin ?? "the packages' own"}) in {libtorch.Folder}, "
                    + $"{TensorDevice.GpuCount()} GPUs"
            );
        }
        catch (EngineException e) when (Environment.GetEnvironmentVariable("SPEECHGAN_REQUIRE_ENGINE") != "1")
        {
            Assert.Ignore("the tensor engine cannot be had on this machine: " + e.Message);
        }
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
    }
}
