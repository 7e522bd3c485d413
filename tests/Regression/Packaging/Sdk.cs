using System.Diagnostics;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Packaging;

/// <summary>Calls of the SDK's command line in the repository.</summary>
internal static class Sdk
{
    /// <summary>Runs `dotnet ARGUMENTS` to its end.</summary>
    /// <returns>Exit code, and both outputs one after the other.</returns>
    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        // Nothing of this test host's build, and no process that outlives the test.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
