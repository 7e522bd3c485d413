using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`demo`: the main job on the bundled corpus, in minutes.</summary>
internal static class DemoVerb
{
    public const string Name = "demo";

    public static Command Make()
    {
        var output = new Option<string?>("--out")
        {
            Description = "Run folder, new or empty (default: the next free runs/demo-N)",
            HelpName = "RUN",
        };
        var seed = new Option<long>("--seed")
        {
            Description = "seed",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var set = new Option<string[]>("--set") { Description = "One option; can be repeated", HelpName = "key=value" };
        var verb = new Command(Name, "Train a small network on the bundled corpus, evaluate it, judge its discriminator, write a report.")
        {
            output,
            seed,
            set,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var corpus = BundledCorpus();
                        var run = parsed.GetValue(output) ?? NextFree();
                        var config = RunConfig.Load("tiny", null, [$"seed={parsed.GetValue(seed)}", .. parsed.GetValue(set) ?? []]);
                        Terminal.Out.Line(
                            $"Training {config.Train.Epochs} epochs on {corpus} (preset tiny, seed {config.Seed}) into {run}."
                        );
                        Terminal.Out.Line(
                            $"The same by hand: speechgan train --data {corpus} --preset tiny --seed {config.Seed} --out RUN"
                        );
                        var code = new TrainRun(corpus, run).Start(config, stop);
                        if (code == ExitCode.Good)
                            Terminal.Out.Line(
                                $"Report: {ReportVerb.Write([run], null, ReportVerb.UsualUtterances, corpus, null, stop).Path}"
                            );
                        return code;
                    })
                )
        );
        return verb;
    }

    /// <summary>The corpus in the repository this program was built in.</summary>
    private static string BundledCorpus() =>
        Checkout.BundledCorpus
        ?? throw new UsageException(
            "The bundled corpus golden/corpus is not above this program. Run ./speechgan demo in a checkout of the project."
        );

    private static string NextFree()
    {
        Directory.CreateDirectory("runs");
        var n = 1;
        while (Directory.Exists(Path.Combine("runs", $"demo-{n}")))
            n++;
        return Path.Combine("runs", $"demo-{n}");
    }
}
