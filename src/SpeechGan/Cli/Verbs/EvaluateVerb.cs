using System.CommandLine;
using System.Globalization;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `evaluate`.</summary>
internal static class EvaluateVerb
{
    public static Command Make()
    {
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "Run folder (its best), checkpoint folder, or a generator's state dict (.safetensors, .pt, .pth)",
            Required = true,
            HelpName = "F",
        };
        var data = new Option<string>("--data")
        {
            Description = "DIR/test/{clean,noisy}, or DIR/{clean,noisy}",
            Required = true,
            HelpName = "DIR",
        };
        var save = new Option<string?>("--save") { Description = "Write the enhanced cuts here, 16 kHz 16-bit WAV", HelpName = "DIR" };
        var cut = new Option<string>("--cut") { Description = "center or full", DefaultValueFactory = _ => "center" };
        cut.AcceptOnlyFromAmong("center", "full");
        var seconds = new Option<double>("--seconds")
        {
            Description = "Length of a centre cut",
            DefaultValueFactory = _ => 4.0,
            HelpName = "S",
        };
        var set = new Option<string[]>("--set") { Description = "Options of evaluation.* and data.*", HelpName = "key=value" };
        var device = new Option<string>("--device")
        {
            Description = "cpu, cuda or cuda:N",
            DefaultValueFactory = _ => "cpu",
            HelpName = "D",
        };
        var json = SharedOptions.Json();
        var verb = new Command("evaluate", "Score a trained generator on a corpus; the same bits every time.")
        {
            checkpoint,
            data,
            save,
            cut,
            seconds,
            set,
            device,
            json,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var overrides = new List<string>
                        {
                            $"evaluation.cut={parsed.GetValue(cut)}",
                            string.Create(CultureInfo.InvariantCulture, $"evaluation.cutSeconds={parsed.GetValue(seconds)}"),
                        };
                        overrides.AddRange(parsed.GetValue(set) ?? []);
                        var run = new EvaluateRun(
                            parsed.GetValue(checkpoint)!,
                            parsed.GetValue(data)!,
                            parsed.GetValue(device)!,
                            overrides,
                            parsed.GetValue(save),
                            parsed.GetValue(json)
                        );
                        return Groups.Run(run.Of, stop);
                    })
                )
        );
        return verb;
    }
}
