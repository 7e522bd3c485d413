using System.CommandLine;
using System.Globalization;
using SpeechGan.Comparison;
using SpeechGan.Engine;
using SpeechGan.Training.Tracing;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`trace`: every module's tensors of one training step, as a file; `compare --trace` has the program of a commit write
/// one.</summary>
internal static class TraceVerb
{
    private const int MostSteps = 1000;

    public static Command Make()
    {
        var data = new Option<string>("--data")
        {
            Description = "Corpus",
            Required = true,
            HelpName = "DIR",
        };
        var output = new Option<string>("--out")
        {
            Description = "The file to be written",
            Required = true,
            HelpName = "FILE",
        };
        var step = new Option<long>("--step")
        {
            Description = "Step of the run, from 1; those before it are taken first",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var preset = new Option<string?>("--preset") { Description = "Preset", HelpName = "NAME" };
        var config = new Option<string?>("--config") { Description = "JSON file with any of the options", HelpName = "F" };
        var seed = new Option<long?>("--seed") { Description = "Seed", HelpName = "N" };
        var generator = new Option<string?>("--init-generator") { Description = "Initial weights of the generator", HelpName = "F" };
        var discriminator = new Option<string?>("--init-discriminator")
        {
            Description = "Initial weights of the discriminator",
            HelpName = "F",
        };
        var set = new Option<string[]>("--set") { Description = "An option", HelpName = "key=value" };
        var verb = new Command("trace", "Write the outputs and gradients of every module of both networks in one training step.")
        {
            data,
            output,
            step,
            preset,
            config,
            seed,
            generator,
            discriminator,
            set,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        string[] knobs =
                        [
                            .. parsed.GetValue(set) ?? [],
                            .. parsed.GetValue(seed) is { } s
                                ? [string.Create(CultureInfo.InvariantCulture, $"seed={s}")]
                                : Array.Empty<string>(),
                            .. parsed.GetValue(generator) is { } g ? [$"train.initGenerator={g}"] : Array.Empty<string>(),
                            .. parsed.GetValue(discriminator) is { } d ? [$"train.initDiscriminator={d}"] : Array.Empty<string>(),
                        ];
                        return Run(
                            parsed.GetValue(data)!,
                            parsed.GetValue(output)!,
                            parsed.GetValue(step),
                            RunConfig.Load(parsed.GetValue(preset), parsed.GetValue(config), knobs),
                            stop
                        );
                    })
                )
        );
        return verb;
    }

    private static int Run(string data, string output, long step, RunConfig config, CancellationToken stop)
    {
        if (step is < 1 or > MostSteps)
            throw new UsageException($"--step is {step}; allowed is 1 to {MostSteps}: the steps before it are taken first.");
        OutputFile.RequirePlace(Path.GetFullPath(output), "trace");
        TensorDevice.Require(config.Train.Device);
        var trace = new TracedStep().Run(data, config, CorpusOfRun.Open(data, config).WithoutTest(), step, new TraceRecorder(), stop);
        TraceFile.Write(output, trace);
        Terminal.Out.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Traced step {step}: {trace.Nodes.Count} tensors of {trace.Nodes.Select(n => n.Module).Distinct().Count()} modules in "
                    + $"'{Path.GetFullPath(output)}'."
            )
        );
        return trace.Nodes.Any(n => n is { Part: TracePart.Output, Norm: null }) ? ExitCode.CheckFailed : ExitCode.Good;
    }
}
