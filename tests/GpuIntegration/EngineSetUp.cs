using static TorchSharp.torch;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// Without libtorch all are skipped by name. TF32 is switched off for the whole suite: libtorch lets cuDNN's convolutions round their inputs to ten bits
/// by default, a thousand times what float32 rounds, and agreement with the CPU would show only that.
/// </summary>
[SetUpFixture]
public sealed class EngineSetUp
{
    [OneTimeSetUp]
    public void Look_for_the_tensor_engine()
    {
        try
        {
            SpeechGan.Engine.Libtorch.Require();
        }
        catch (SpeechGan.Engine.EngineException e)
        {
            Assert.Ignore("the tensor engine cannot be had on this machine: " + e.Message);
        }
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
    }
}
