using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden pin`.</summary>
internal static class GoldenPinVerb
{
    public static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the golden" };
        var runs = new Option<string[]>("--run")
        {
            Description = "Imported run to pin; further ones, of other seeds, measure how far runs lie apart",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "RUN",
        };
        var store = new Option<string>("--store")
        {
            Description = "Folder of goldens of imported runs; made if it does not exist",
            Required = true,
            HelpName = "DIR",
        };
        var tolerances = new Option<string[]>("--tolerance")
        {
            Description = "How far a value may lie from the pinned one, in place of what is measured; needs --because",
            HelpName = "FIELD=VALUE",
        };
        var because = new Option<string?>("--because")
        {
            Description = "Where these tolerances come from; kept in the golden",
            HelpName = "TEXT",
        };
        var verb = new Command("pin", "Write an imported run's trajectory into a folder of goldens, for a person to approve.")
        {
            name,
            runs,
            store,
            tolerances,
            because,
        };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                GoldenImported.Pin(
                    parsed.GetValue(name)!,
                    parsed.GetValue(runs) ?? [],
                    parsed.GetValue(store)!,
                    parsed.GetValue(tolerances) ?? [],
                    parsed.GetValue(because)
                )
            )
        );
        return verb;
    }
}
