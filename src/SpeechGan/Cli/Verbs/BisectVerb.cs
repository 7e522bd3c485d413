using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>`bisect`: who made PESQ fall, over commits, options and data.</summary>
internal static class BisectVerb
{
    public static Command Make() =>
        new("bisect", "Find what made PESQ (or another field) fall: a commit, an option or an utterance.")
        {
            BisectCommitsVerb.Make(),
            BisectConfigVerb.Make(),
            BisectDataVerb.Make(),
        };
}
