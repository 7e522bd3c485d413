using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Packaging;

/// <summary>Calls of the SDK's command line in the repository.</summary>
internal static class Sdk
{
    /// <summary>Runs `dotnet ARGUMENTS` to its end.</summary>
    /// <returns>Exit code, and both outputs one after the other.</returns>
    public static (int ExitCode, string Output) Run(params string[] arguments) => Run(arguments, null);

    /// <summary>The same, with variables set.</summary>
    public static (int ExitCode, string Output) Run(string[] arguments, IReadOnlyDictionary<string, string?>? variables)
    {
        // Nothing of this test host's build, and no process that outlives the test.
        var environment = Environment
            .GetEnvironmentVariables()
            .Keys.Cast<string>()
            .Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(k => k, _ => (string?)null);
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
            environment[name] = value;
        return Command.Run(Repository.Root, "dotnet", arguments, environment);
    }
}
