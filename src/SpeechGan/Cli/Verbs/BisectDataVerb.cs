using System.CommandLine;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `bisect data`.</summary>
internal static class BisectDataVerb
{
    public static Command Make()
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
            Description = "The corpus; with it, noise levels and places in the files are reported as well",
            HelpName = "DIR",
        };
        var json = SharedOptions.Json();
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
