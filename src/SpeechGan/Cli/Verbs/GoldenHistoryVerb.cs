using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden history`.</summary>
internal static class GoldenHistoryVerb
{
    public static Command Make()
    {
        var name = GoldenOptions.Name();
        var (place, store, json) = (SharedOptions.Golden(), GoldenOptions.Store(), SharedOptions.Json());
        var verb = new Command("history", "Who approved what, when and why; the chain is verified.") { name, place, store, json };
        verb.SetAction(parsed =>
            Guard.Run(() => GoldenHistoryList.Run(GoldenOptions.Selected(parsed, name, place, store), parsed.GetValue(json)))
        );
        return verb;
    }
}
