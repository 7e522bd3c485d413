using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden diff`.</summary>
internal static class GoldenDiffVerb
{
    public static Command Make()
    {
        var name = GoldenOptions.Name();
        var (place, store, json) = (SharedOptions.Golden(), GoldenOptions.Store(), SharedOptions.Json());
        var tool = new Option<bool>("--tool")
        {
            Description = "Open your own diff tool on both files; not on continuous integration, not without a screen",
        };
        var verb = new Command("diff", "Show what was received beside what is approved; exit code 1 where they differ.")
        {
            name,
            place,
            store,
            json,
            tool,
        };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                parsed.GetValue(tool)
                    ? GoldenTool.Run(GoldenOptions.Selected(parsed, name, place, store))
                    : GoldenDiff.Run(GoldenOptions.Selected(parsed, name, place, store), parsed.GetValue(json))
            )
        );
        return verb;
    }
}
