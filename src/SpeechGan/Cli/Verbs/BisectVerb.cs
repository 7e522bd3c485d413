using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>`bisect`: who made PESQ fall, over commits, options and data.</summary>
internal static class BisectVerb
{
    public static Command Make() =>
        new("bisect", "Who made PESQ (or any other field) fall: a commit, an option, an utterance.")
        {
            BisectCommitsVerb.Make(),
            BisectConfigVerb.Make(),
            BisectDataVerb.Make(),
        };
}
