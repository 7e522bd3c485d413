namespace SpeechGan.Tests.Regression.Containers;

/// <summary>What becomes of a suite that cannot run.</summary>
internal static class Missing
{
    public const string Variable = "SPEECHGAN_REQUIRE_CONTAINERS";

    /// <summary>Skips with the reason, or fails with it where containers are required.</summary>
    public static void Report(string why, string? required)
    {
        if (required is not (null or "" or "0"))
            Assert.Fail($"{Variable} is {required}, and the container suite cannot run: {why}");
        Assert.Ignore(why);
    }
}
