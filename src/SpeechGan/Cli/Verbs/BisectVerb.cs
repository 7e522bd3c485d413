using System.CommandLine;
using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Verbs;

/// <summary>`bisect`: who made PESQ fall, over commits, options and data.</summary>
internal static class BisectVerb
{
    private const double UsualLimit = 900;

    public static Command Make() =>
        new("bisect", "Who made PESQ (or any other field) fall: a commit, an option, an utterance.") { Commits(), Config(), Data() };

    private static Command Commits()
    {
        var good = new Option<string>("--good")
        {
            Description = "A commit before the fall",
            Required = true,
            HelpName = "A",
        };
        var bad = new Option<string>("--bad")
        {
            Description = "A commit after it",
            Required = true,
            HelpName = "B",
        };
        var repo = new Option<string>("--repo")
        {
            Description = "The repository's checkout; nothing in it is changed",
            DefaultValueFactory = _ => ".",
            HelpName = "DIR",
        };
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
        var set = new Option<string[]>("--set") { Description = "A knob on top of the scenario's", HelpName = "key=value" };
        var paths = new Option<string[]>("--paths")
        {
            Description = "What of the tree can change a command's outcome (default: all of it)",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "PATH",
        };
        var build = new Option<string?>("--build")
        {
            Description = "Shell command that builds (default: tools/set-up where it is SpeechGan, else none)",
            HelpName = "COMMAND",
        };
        var buildLimit = new Option<double>("--build-limit")
        {
            Description = "Seconds a build may take",
            DefaultValueFactory = _ => UsualLimit,
            HelpName = "S",
        };
        var timeLimit = new Option<double>("--time-limit")
        {
            Description = "Seconds a run may take",
            DefaultValueFactory = _ => UsualLimit,
            HelpName = "S",
        };
        var cache = new Option<string?>("--cache") { Description = "Where results are kept (default: the user's cache)", HelpName = "DIR" };
        var golden = new Option<string?>("--golden")
        {
            Description = "Folder with corpus, networks and trajectories (default: the checkout's golden/)",
            HelpName = "DIR",
        };
        var confidence = new Option<double>("--confidence")
        {
            Description = "Probability from which a commit is suspected",
            DefaultValueFactory = _ => 0.95,
            HelpName = "P",
        };
        var flaky = new Option<double>("--flaky")
        {
            Description = "Share of trials that lie (default 0: the same every time; noticed where it is not so)",
            HelpName = "RATE",
        };
        var most = new Option<int?>("--most-trials") { Description = "Give up after so many", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var verb = new Command(
            "commits",
            "Name the first bad commit by builds and runs; exit code 125 where the evidence does not suffice."
        )
        {
            good,
            bad,
            repo,
            scenario,
            field,
            below,
            above,
            seeds,
            set,
            paths,
            build,
            buildLimit,
            timeLimit,
            cache,
            golden,
            confidence,
            flaky,
            most,
            json,
            command,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        BisectCommits.Run(
                            new CommitRequest
                            {
                                Good = parsed.GetValue(good)!,
                                Bad = parsed.GetValue(bad)!,
                                Repository = parsed.GetValue(repo)!,
                                Scenario = parsed.GetValue(scenario),
                                Command = parsed.GetValue(command) ?? [],
                                Field = parsed.GetValue(field),
                                Below = parsed.GetValue(below),
                                Above = parsed.GetValue(above),
                                Seeds = parsed.GetValue(seeds) ?? [],
                                Knobs = parsed.GetValue(set) ?? [],
                                Paths = parsed.GetValue(paths) ?? [],
                                Build = parsed.GetValue(build),
                                BuildLimit = parsed.GetValue(buildLimit),
                                TimeLimit = parsed.GetValue(timeLimit),
                                Cache = parsed.GetValue(cache),
                                Golden = parsed.GetValue(golden),
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

    private static Command Config()
    {
        var good = new Option<string>("--good")
        {
            Description = "Run folder, configuration file or preset before the fall",
            Required = true,
            HelpName = "RUN|FILE",
        };
        var bad = new Option<string>("--bad")
        {
            Description = "The one after it",
            Required = true,
            HelpName = "RUN|FILE",
        };
        var scenario = new Option<string>("--scenario")
        {
            Description = "Whose size and corpus the trials have",
            DefaultValueFactory = _ => "healthy",
            HelpName = "NAME",
        };
        var field = new Option<string>("--field")
        {
            Description = "What falls: a field of the run's record, or distance.FIELD for how far its trajectory is from the good one's",
            DefaultValueFactory = _ => "mean.pesq_wb",
            HelpName = "NAME",
        };
        var below = new Option<double?>("--below") { Description = "Bad below this (default: half-way between the ends)", HelpName = "X" };
        var above = new Option<double?>("--above") { Description = "Bad above this", HelpName = "X" };
        var set = new Option<string[]>("--set") { Description = "A knob of every trial", HelpName = "key=value" };
        var seed = new Option<long?>("--seed") { Description = "Seed", HelpName = "N" };
        var flaky = new Option<double>("--flaky")
        {
            Description = "Share of trials that lie (default 0: the same every time)",
            HelpName = "RATE",
        };
        var cache = new Option<string?>("--cache") { Description = "Where results are kept (default: the user's cache)", HelpName = "DIR" };
        var golden = new Option<string?>("--golden")
        {
            Description = "Folder with corpus, networks and trajectories (default: the checkout's golden/)",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var verb = new Command(
            "config",
            "Name the smallest set of options that makes a fall, by short trainings; exit code 125 where it does not show."
        )
        {
            good,
            bad,
            scenario,
            field,
            below,
            above,
            set,
            seed,
            flaky,
            cache,
            golden,
            json,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        BisectConfig.Run(
                            new ConfigRequest
                            {
                                Good = parsed.GetValue(good)!,
                                Bad = parsed.GetValue(bad)!,
                                Scenario = parsed.GetValue(scenario)!,
                                Field = parsed.GetValue(field)!,
                                Below = parsed.GetValue(below),
                                Above = parsed.GetValue(above),
                                Knobs = parsed.GetValue(set) ?? [],
                                Seed = parsed.GetValue(seed),
                                Flaky = parsed.GetValue(flaky),
                                Cache = parsed.GetValue(cache),
                                Golden = parsed.GetValue(golden),
                                Json = parsed.GetValue(json),
                            },
                            stop
                        )
                    )
                )
        );
        return verb;
    }

    private static Command Data()
    {
        var run = new Option<string>("--run")
        {
            Description = "Run folder",
            Required = true,
            HelpName = "RUN",
        };
        var against = new Option<string?>("--against")
        {
            Description = "A later run to compare with, last evaluation against last",
            HelpName = "RUN2",
        };
        var epochs = new Option<int[]>("--epochs")
        {
            Description = "Two epochs of the run (default: its best and its last)",
            AllowMultipleArgumentsPerToken = true,
            Arity = new ArgumentArity(2, 2),
            HelpName = "A B",
        };
        var metric = new Option<string>("--field")
        {
            Description = "Metric of an utterance",
            DefaultValueFactory = _ => RecordName.Pesq,
            HelpName = "NAME",
        };
        var data = new Option<string?>("--data")
        {
            Description = "The corpus: then noise levels and places in the files are told too",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json") { Description = "For machines" };
        var verb = new Command(
            "data",
            "Which utterances, where in the file, at which noise level carry a change; which training files starve the discriminator."
        )
        {
            run,
            against,
            epochs,
            metric,
            data,
            json,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        BisectData.Run(
                            parsed.GetValue(run)!,
                            parsed.GetValue(against),
                            parsed.GetValue(epochs) ?? [],
                            parsed.GetValue(metric)!,
                            parsed.GetValue(data),
                            parsed.GetValue(json),
                            stop
                        )
                    )
                )
        );
        return verb;
    }
}
