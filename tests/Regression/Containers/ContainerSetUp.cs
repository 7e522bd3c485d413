namespace SpeechGan.Tests.Regression.Containers;

/// <summary>
/// These tests need Docker and the image of this checkout: where either is missing all are skipped by name, with the reason and the way to
/// have it. A night that must have them sets SPEECHGAN_REQUIRE_CONTAINERS=1: then the reason is a failure.
/// </summary>
[SetUpFixture]
public sealed class ContainerSetUp
{
    [OneTimeSetUp]
    public async Task Look_for_Docker_and_the_image()
    {
        var why = await Engine.WhyNotAsync();
        if (why is null)
            await Engine.ReapAsync();
        else
            Missing.Report(why, Environment.GetEnvironmentVariable(Missing.Variable));
    }
}
