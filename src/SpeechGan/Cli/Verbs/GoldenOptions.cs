using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options that the subcommands of `golden` share.</summary>
internal static class GoldenOptions
{
    /// <summary>A golden, or a scenario for all of its seeds.</summary>
    public static Argument<string> Name() => new("NAME") { Description = "A golden, or a scenario for all of its seeds" };

    /// <summary>Scenarios or goldens; none given: all.</summary>
    public static Argument<string[]> Names() =>
        new("NAME") { Description = "Scenarios or goldens (default: all)", Arity = ArgumentArity.ZeroOrMore };

    /// <summary>Folder of goldens of imported runs.</summary>
    public static Option<string?> Store() =>
        new("--store") { Description = "Folder of goldens of imported runs (golden pin makes it)", HelpName = "DIR" };

    /// <summary>What NAME stands for in the folder that was given.</summary>
    public static GoldenSelection Selected(ParseResult parsed, Argument<string> name, Option<string?> place, Option<string?> store) =>
        GoldenSelection.Of(parsed.GetValue(name)!, parsed.GetValue(place), parsed.GetValue(store));
}
