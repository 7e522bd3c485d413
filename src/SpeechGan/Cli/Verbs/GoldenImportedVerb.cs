using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden` that are about imported runs.</summary>
internal static class GoldenImportedVerb
{
    /// <summary>Folder of goldens of imported runs.</summary>
    public static Option<string?> Store() =>
        new("--store") { Description = "Folder of goldens of imported runs (golden pin makes it)", HelpName = "DIR" };

    /// <summary>`golden pin`.</summary>
    public static Command Pin()
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
            Description = "Folder of goldens of imported runs; made if need be",
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
        var verb = new Command("pin", "Lay an imported run's trajectory into a folder of goldens, for a person to approve.")
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

    /// <summary>`golden check --run`: holds an imported run against its golden.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="names">Goldens.</param>
    /// <param name="run">The run.</param>
    /// <param name="store">Folder of goldens.</param>
    /// <param name="received">Folder of received files.</param>
    /// <param name="json">For machines.</param>
    /// <param name="ofTrainings">Options of what is trained.</param>
    /// <returns>The exit code; null where scenarios are checked.</returns>
    /// <exception cref="UsageException">The options do not go together.</exception>
    public static int? Check(
        ParseResult parsed,
        Argument<string[]> names,
        Option<string?> run,
        Option<string?> store,
        Option<string?> received,
        Option<bool> json,
        IReadOnlyList<Option> ofTrainings
    )
    {
        var (folder, goldens) = (parsed.GetValue(run), parsed.GetValue(store));
        if (folder is null && goldens is null)
            return null;
        if (folder is null || goldens is null)
            throw new UsageException(
                "An imported run is checked with both --run RUN and --store DIR: `speechgan golden check NAME --run RUN --store DIR`."
            );
        if (ofTrainings.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } other)
            throw new UsageException(
                $"{other.Name} is for scenarios that are trained; an imported run is compared as it is. Leave it out."
            );
        return parsed.GetValue(names) is [var name]
            ? GoldenImported.Check(name, folder, goldens, parsed.GetValue(received), parsed.GetValue(json))
            : throw new UsageException("--run RUN is held against one golden: give its NAME.");
    }
}
