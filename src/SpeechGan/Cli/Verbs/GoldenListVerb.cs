using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden list`.</summary>
internal static class GoldenListVerb
{
    public static Command Make()
    {
        var (place, store, json) = (SharedOptions.Golden(), GoldenOptions.Store(), SharedOptions.Json());
        var verb = new Command("list", "List scenarios, goldens, who approved them, and orphaned files.") { place, store, json };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                parsed.GetValue(store) is { } own
                    ? GoldenStoreList.Run(GoldenSelection.Open(parsed.GetValue(place), own), parsed.GetValue(json))
                    : GoldenList.Run(GoldenPlace.Open(parsed.GetValue(place)), parsed.GetValue(json))
            )
        );
        return verb;
    }
}
