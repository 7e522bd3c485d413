using System.CommandLine;
using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `train`.</summary>
internal static class TrainVerb
{
    public const string Name = "train";

    public static Command Make()
    {
        var data = new Option<string>("--data")
        {
            Description = "Corpus: DIR/{train,valid,test}/{clean,noisy}/*.wav",
            Required = true,
            HelpName = "DIR",
        };
        var output = new Option<string>("--out")
        {
            Description = "Run folder, new or empty (with --resume: of the run)",
            Required = true,
            HelpName = "RUN",
        };
        var preset = new Option<string?>("--preset") { Description = "cmgan (default), upstream, small or tiny", HelpName = "P" };
        var config = new Option<string?>("--config") { Description = "JSON file with any of the options", HelpName = "F" };
        var set = new Option<string[]>("--set")
        {
            Description = "One option; can be repeated (speechgan config lists all)",
            HelpName = "key=value",
            AllowMultipleArgumentsPerToken = false,
        };
        var epochs = new Option<int?>("--epochs") { Description = "train.epochs", HelpName = "N" };
        var seed = new Option<long?>("--seed") { Description = "seed", HelpName = "N" };
        var device = new Option<string?>("--device") { Description = "train.device: cpu, cuda or cuda:N", HelpName = "D" };
        var generator = new Option<string?>("--init-generator") { Description = "Initial weights (safetensors)", HelpName = "F" };
        var discriminator = new Option<string?>("--init-discriminator") { Description = "Initial weights (safetensors)", HelpName = "F" };
        var resume = new Option<bool>("--resume")
        {
            Description = "Continue the run in --out; options that are given must be its own, apart from how long and how fast it trains",
        };
        var stopOn = new Option<string?>("--stop-on")
        {
            Description = "confirmed: end the run cleanly, exit code 1, when a cause is confirmed while it trains",
            HelpName = "WHAT",
        };
        stopOn.AcceptOnlyFromAmong("confirmed");
        var noDiskCheck = new Option<bool>("--no-disk-check") { Description = "Start although the disk has too little space for the run" };
        var measure = new Option<bool>("--measure")
        {
            Description =
                $"Time a fixed loop beside each step, and write step times and the peak of memory to RUN/{RunPerformance.FileName}",
        };
        var verb = new Command(Name, "Train on a corpus; everything goes into the run folder.")
        {
            data,
            output,
            preset,
            config,
            set,
            epochs,
            seed,
            device,
            generator,
            discriminator,
            resume,
            stopOn,
            noDiskCheck,
            measure,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var place = new TrainRun(parsed.GetValue(data)!, parsed.GetValue(output)!)
                        {
                            StopOnConfirmed = parsed.GetValue(stopOn) is not null,
                            ChecksDisk = !parsed.GetValue(noDiskCheck),
                            MeasuresCost = parsed.GetValue(measure),
                        };
                        var (named, file) = (parsed.GetValue(preset), parsed.GetValue(config));
                        string[] overrides =
                        [
                            .. Knob("train.epochs", parsed.GetValue(epochs)),
                            .. Knob("seed", parsed.GetValue(seed)),
                            .. Knob("train.device", parsed.GetValue(device)),
                            .. Knob("train.initGenerator", FullPath(parsed.GetValue(generator))),
                            .. Knob("train.initDiscriminator", FullPath(parsed.GetValue(discriminator))),
                            .. parsed.GetValue(set) ?? [],
                        ];
                        if (!parsed.GetValue(resume))
                            return place.Start(RunConfig.Load(named, file, overrides), stop);
                        // The command that began the run, with --resume added, continues it.
                        var whole = (named ?? file) is null ? null : RunConfig.Load(named, file, overrides);
                        return place.Continue(whole, overrides, stop);
                    })
                )
        );
        return verb;
    }

    private static string[] Knob(string key, object? value) =>
        value is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"{key}={value}")];

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
