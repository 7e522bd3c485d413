using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `bisect config`.</summary>
internal static class BisectConfigVerb
{
    public static Command Make()
    {
        var good = new Option<string>("--good")
        {
            Description = "Run folder, configuration file or preset without the regression",
            Required = true,
            HelpName = "RUN|FILE",
        };
        var bad = new Option<string>("--bad")
        {
            Description = "The one with it",
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
        var set = new Option<string[]>("--set") { Description = "An option of every trial", HelpName = "key=value" };
        var seed = new Option<long?>("--seed") { Description = "Seed", HelpName = "N" };
        var flaky = new Option<double>("--flaky")
        {
            Description = "Share of trials with a wrong outcome (default 0: the same every time)",
            HelpName = "RATE",
        };
        var cache = new Option<string?>("--cache") { Description = "Where results are kept (default: the user's cache)", HelpName = "DIR" };
        var golden = SharedOptions.Golden();
        var json = SharedOptions.Json();
        var verb = new Command(
            "config",
            "Name the smallest set of options that causes a regression, by short trainings; exit code 125 where it does not show."
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
}
