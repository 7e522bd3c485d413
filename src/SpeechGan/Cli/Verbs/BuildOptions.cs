using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options that every verb has that builds and runs commits.</summary>
/// <param name="what">What is run, in a word: "run", "training".</param>
internal sealed class BuildOptions(string what)
{
    private readonly Option<string> repository = new("--repo")
    {
        Description = "The repository's checkout; nothing in it is changed",
        DefaultValueFactory = _ => ".",
        HelpName = "DIR",
    };

    private readonly Option<string?> build = new("--build")
    {
        Description = "Shell command that builds a commit (default: tools/set-up where it is SpeechGan, else none)",
        HelpName = "COMMAND",
    };

    private readonly Option<double> buildLimit = Seconds("--build-limit", "a build");
    private readonly Option<double> timeLimit = Seconds("--time-limit", $"a {what}");

    private readonly Option<string?> cache = new("--cache")
    {
        Description = "Where worktrees and results are kept (default: the user's cache, shared by all verbs)",
        HelpName = "DIR",
    };

    private readonly Option<string?> golden = SharedOptions.Golden();

    /// <summary>Adds them to a verb.</summary>
    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { repository, build, buildLimit, timeLimit, cache, golden })
            verb.Add(option);
    }

    /// <summary>What was given.</summary>
    public BuildRequest Of(ParseResult parsed) =>
        new()
        {
            Repository = parsed.GetValue(repository)!,
            Command = parsed.GetValue(build),
            BuildLimit = parsed.GetValue(buildLimit),
            TimeLimit = parsed.GetValue(timeLimit),
            Cache = parsed.GetValue(cache),
            Golden = parsed.GetValue(golden),
        };

    private static Option<double> Seconds(string name, string what) =>
        new(name)
        {
            Description = $"Seconds {what} may take",
            DefaultValueFactory = _ => BuildRequest.UsualLimit,
            HelpName = "S",
        };
}
