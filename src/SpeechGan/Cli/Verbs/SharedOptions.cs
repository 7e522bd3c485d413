using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>Options that mean the same in every verb that has them.</summary>
internal static class SharedOptions
{
    /// <summary>Output for machines.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };

    /// <summary>Folder with corpus, networks and trajectories.</summary>
    public static Option<string?> Golden() =>
        new("--golden")
        {
            Description = "Folder with corpus, networks and trajectories (default: the checkout's golden/)",
            HelpName = "DIR",
        };
}
