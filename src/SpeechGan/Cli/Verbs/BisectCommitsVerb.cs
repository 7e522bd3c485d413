using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `bisect commits`.</summary>
internal static class BisectCommitsVerb
{
    public static Command Make()
    {
        var good = new Option<string>("--good")
        {
            Description = "A commit without the regression",
            Required = true,
            HelpName = "A",
        };
        var bad = new Option<string>("--bad")
        {
            Description = "A commit with it",
            Required = true,
            HelpName = "B",
        };
        var building = new BuildOptions("run");
        var scenario = new Option<string?>("--scenario")
        {
            Description = "A scenario or golden (speechgan golden list), trained by each commit's own build",
            HelpName = "NAME",
        };
        var command = new Argument<string[]>("COMMAND")
        {
            Description = "After --: any command; exit code 0 good, 125 cannot judge, others to 127 bad",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var field = new Option<string?>("--field")
        {
            Description =
                "What is judged: a field of the run's record, or a dotted path in the command's JSON (default: the whole golden; the "
                + "exit code)",
            HelpName = "NAME",
        };
        var below = new Option<double?>("--below") { Description = "Bad below this", HelpName = "X" };
        var above = new Option<double?>("--above")
        {
            Description = "Bad above this (with neither: beyond the golden's measured tolerance)",
            HelpName = "X",
        };
        var seeds = new Option<long[]>("--seeds", "--seed")
        {
            Description = "Seeds; the majority counts",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "N",
        };
        var set = new Option<string[]>("--set") { Description = "An option on top of the scenario's", HelpName = "key=value" };
        var paths = new Option<string[]>("--paths")
        {
            Description = "Paths in the tree that can change the command's outcome (default: all)",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "PATH",
        };
        var confidence = new Option<double>("--confidence")
        {
            Description = "Probability from which a commit is suspected",
            DefaultValueFactory = _ => 0.95,
            HelpName = "P",
        };
        var flaky = new Option<double>("--flaky")
        {
            Description = "Share of trials with a wrong outcome (default 0; noticed where a trial that is repeated differs)",
            HelpName = "RATE",
        };
        var most = new Option<int?>("--most-trials") { Description = "Give up after so many", HelpName = "N" };
        var json = SharedOptions.Json();
        var verb = new Command(
            "commits",
            "Name the first bad commit by builds and runs; exit code 125 where the evidence does not suffice."
        )
        {
            good,
            bad,
            scenario,
            field,
            below,
            above,
            seeds,
            set,
            paths,
            confidence,
            flaky,
            most,
            json,
            command,
        };
        building.AddTo(verb);
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        BisectCommits.Run(
                            new CommitRequest
                            {
                                Building = building.Of(parsed),
                                Good = parsed.GetValue(good)!,
                                Bad = parsed.GetValue(bad)!,
                                Scenario = parsed.GetValue(scenario),
                                Command = parsed.GetValue(command) ?? [],
                                Field = parsed.GetValue(field),
                                Below = parsed.GetValue(below),
                                Above = parsed.GetValue(above),
                                Seeds = parsed.GetValue(seeds) ?? [],
                                Knobs = parsed.GetValue(set) ?? [],
                                Paths = parsed.GetValue(paths) ?? [],
                                Confidence = parsed.GetValue(confidence),
                                Flaky = parsed.GetValue(flaky),
                                MostTrials = parsed.GetValue(most),
                                Json = parsed.GetValue(json),
                            },
                            stop
                        )
                    )
                )
        );
        return verb;
    }
}
