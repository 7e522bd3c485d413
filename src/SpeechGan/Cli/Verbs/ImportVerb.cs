using System.CommandLine;
using System.Globalization;
using SpeechGan.Import;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`import`: another trainer's log, event files or table as a run folder, which diagnose, report and compare then read.</summary>
internal static class ImportVerb
{
    public static Command Make()
    {
        var source = new Argument<string>("SOURCE")
        {
            Description = "Text log, CSV or JSON lines, TensorBoard event file or folder, or " + "the folder that tools/record.py wrote",
        };
        var output = new Option<string>("--out")
        {
            Description = "Run folder to make",
            Required = true,
            HelpName = "RUN",
        };
        var from = new Option<string?>("--from")
        {
            Description = $"{string.Join(", ", SourceKind.All)} (default: recognised)",
            HelpName = "KIND",
        };
        from.AcceptOnlyFromAmong([.. SourceKind.All]);
        var map = new Option<string[]>("--map")
        {
            Description = "Column or tag of a field, for example pesq=valid/pesq (default: " + "guessed by name and reported)",
            HelpName = "FIELD=COLUMN",
        };
        var run = new Option<int?>("--run")
        {
            Description = "Which training, where a file holds several (default: the last)",
            HelpName = "N",
        };
        var verb = new Command("import", "Make a run folder of another trainer's record.") { source, output, from, map, run };
        verb.SetAction(
            (parsed, _) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        if (parsed.GetValue(source) is not { Length: > 0 } path)
                            throw new UsageException(
                                "SOURCE is empty. Give a log, a table, event files, or the folder that record.py wrote."
                            );
                        var record = Importer.Read(path, parsed.GetValue(from), parsed.GetValue(map), parsed.GetValue(run));
                        var folder = RunFolder.WriteImported(parsed.GetValue(output)!, record);
                        Print(Terminal.Out, record, folder);
                        return ExitCode.Good;
                    })
                )
        );
        return verb;
    }

    // An utterance that was evaluated after ten epochs is one utterance.
    private static int Utterances(RunRecord record) => record.Evaluations.Select(e => e.Name).Distinct().Count();

    private static void Print(Terminal terminal, RunRecord record, string folder)
    {
        var import = record.Info.Import!;
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Read as {import.Kind}: {import.Writer}, {Counted.Of(record.Epochs.Count, "epoch")}, "
                    + $"{Counted.Of(record.Steps.Count, "step")}, {Counted.Of(Utterances(record), "utterance")}."
            )
        );
        foreach (var field in import.Fields)
            terminal.Line($"  {field.Field} = {field.Source}{(field.Guessed ? " (guessed by its name; --map changes it)" : "")}");
        foreach (var note in import.Notes)
            terminal.Line($"  Note: {note}");
        terminal.Line($"Run folder: {folder}");
        terminal.Line($"Next: speechgan diagnose {folder}");
    }
}
