using System.CommandLine;
using Spectre.Console;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`config`: every knob with its value, what is allowed, and why it is so; or the resolved JSON.</summary>
internal static class ConfigVerb
{
    public static Command Make()
    {
        var preset = new Option<string?>("--preset") { Description = "cmgan (default), upstream, small or tiny", HelpName = "P" };
        var config = new Option<string?>("--config") { Description = "JSON file with any of the options", HelpName = "F" };
        var set = new Option<string[]>("--set") { Description = "One option; can be repeated", HelpName = "key=value" };
        var json = new Option<bool>("--json") { Description = "The resolved configuration, as --config takes it" };
        var verb = new Command("config", "List every option: its value, what is allowed, why.") { preset, config, set, json };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                var resolved = RunConfig.Load(parsed.GetValue(preset), parsed.GetValue(config), parsed.GetValue(set) ?? []);
                if (parsed.GetValue(json))
                {
                    Console.Write(resolved.ToJson());
                    return ExitCode.Good;
                }
                var table = new Table { Border = TableBorder.Simple };
                table.AddColumns("option", "value", "unit", "allowed", "why");
                foreach (var knob in RunConfig.Keys)
                    table.AddRow(
                        Markup.Escape(knob.Key),
                        Markup.Escape(Configuration.KnobValue.Print(knob.Get(resolved))),
                        Markup.Escape(knob.Unit),
                        Markup.Escape(knob.Allowed),
                        Markup.Escape(knob.Reason)
                    );
                Terminal.Out.Table(table);
                return ExitCode.Good;
            })
        );
        return verb;
    }
}
