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
            SpeechGan.Engine.Libtorch.Require();
        }
        catch (SpeechGan.Engine.EngineException e)
        {
            Assert.Ignore("the tensor engine cannot be had on this machine: " + e.Message);
        }
    }
}
