using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden spread`.</summary>
internal static class GoldenSpreadVerb
{
    public static Command Make()
    {
        var names = GoldenOptions.Names();
        var place = SharedOptions.Golden();
        var repeat = new Option<int>("--repeat")
        {
            Description = "Trainings of each seed after the first",
            DefaultValueFactory = _ => 4,
            HelpName = "N",
        };
        var device = new Option<string?>("--device") { Description = "cpu, cuda or cuda:N (default: the scenarios' own)", HelpName = "D" };
        var output = new Option<string?>("--out")
        {
            Description = "Write the recommended table with its causes to this file",
            HelpName = "FILE",
        };
        var performance = new Option<bool>("--performance")
        {
            Description = "Measure what trainings cost instead, each in a process of its own, and recommend bounds of performance",
        };
        var verb = new Command("spread", "Train scenarios several times with one seed, and recommend tolerances from what they differ by.")
        {
            names,
            place,
            repeat,
            device,
            output,
            performance,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        GoldenSpreadRun.Run(
                            new GoldenSpreadRequest
                            {
                                Place = GoldenPlace.Open(parsed.GetValue(place)),
                                Names = parsed.GetValue(names) ?? [],
                                Repeat = parsed.GetValue(repeat),
                                Device = parsed.GetValue(device),
                                Output = parsed.GetValue(output),
                                Performance = parsed.GetValue(performance),
                            },
                            stop
                        )
                    )
                )
        );
        return verb;
    }
}
