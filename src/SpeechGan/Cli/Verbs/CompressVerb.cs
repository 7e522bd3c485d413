using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`compress`: the long records of runs that are over, compressed or restored; every verb reads them either way.</summary>
internal static class CompressVerb
{
    public static Command Make()
    {
        var runs = new Argument<string[]>("RUN") { Description = "Run folders", Arity = ArgumentArity.OneOrMore };
        var undo = new Option<bool>("--undo") { Description = "Restore the plain files from the compressed ones" };
        var json = SharedOptions.Json();
        var verb = new Command("compress", "Compress the record of a finished run; all verbs read it as before.") { runs, undo, json };
        verb.SetAction(
            (parsed, _) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var restore = parsed.GetValue(undo);
                        foreach (var run in parsed.GetValue(runs)!)
                        {
                            var records = WorkProgress.Watch(at =>
                                restore
                                    ? RecordCompression.Restore(run, new WatchedStorage(at))
                                    : RecordCompression.Compress(run, new WatchedStorage(at))
                            );
                            if (parsed.GetValue(json))
                                Console.WriteLine(JsonSerializer.Serialize(new { run, records }, RunJson.Line));
                            else
                                Print(Terminal.Out, run, restore, records);
                        }
                        return ExitCode.Good;
                    })
                )
        );
        return verb;
    }

    private static void Print(Terminal terminal, string run, bool restore, IReadOnlyList<CompressedRecord> records)
    {
        foreach (var record in records)
        {
            var what = restore ? $"restored, {Size(record.Plain)}" : $"{Size(record.Plain)} to {Size(record.Compressed)}";
            terminal.Line($"{Path.Combine(run, record.Name)}: {what}.");
        }
        if (records.Count == 0)
            terminal.Line($"{run}: {(restore ? "no record is compressed" : "no record is left to compress")}.");
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):F1} MiB");
}
