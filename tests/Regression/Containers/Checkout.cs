using System.Diagnostics;

namespace SpeechGan.Tests.Regression.Containers;

/// <summary>The sources that this suite was built from.</summary>
internal static class Checkout
{
    /// <summary>The digest of what an image is made of, as tools/container-image tells it; empty where it cannot, with its words.</summary>
    public static async Task<(string Digest, string Words)> DigestAsync()
    {
        var start = new ProcessStartInfo(Repository.PathOf("tools", "container-image"), ["--digest"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return ((await output).Trim(), await error);
    }
}
