using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `regressions bisect`.</summary>
internal static class RegressionsBisectVerb
{
    public static Command Make()
    {
        var good = new Option<string>("--good")
        {
            Description = "A commit before all of them",
            Required = true,
            HelpName = "A",
        };
        var bad = new Option<string>("--bad")
        {
            Description = "A commit that shows them",
            DefaultValueFactory = _ => "HEAD",
            HelpName = "B",
        };
        var building = new BuildOptions("training");
        var ledger = RegressionsOptions.Ledger();
        var verb = new Command("bisect", "Bisect all open regressions without a culprit, sharing builds and trials, and link the verdicts.")
        {
            good,
            bad,
            ledger,
        };
        building.AddTo(verb);
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        RegressionsBisect.Run(
                            RegressionsOptions.Open(parsed.GetValue(ledger)),
                            parsed.GetValue(good)!,
                            parsed.GetValue(bad)!,
                            building.Of(parsed),
                            stop
                        )
                    )
                )
        );
        return verb;
    }
}
