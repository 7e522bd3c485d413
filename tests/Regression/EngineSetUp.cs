namespace SpeechGan.Tests.Regression;

/// <summary>These tests train: where libtorch is not on the machine, all are skipped by name, with the reason.</summary>
[SetUpFixture]
public sealed class EngineSetUp
{
    [OneTimeSetUp]
    public void Look_for_the_tensor_engine()
    {
        try
        {
            TorchSharp.torch.get_num_threads();
        }
        catch (DllNotFoundException e)
        {
            Assert.Ignore("the tensor engine is not on this machine: " + e.Message);
        }
    }
}
