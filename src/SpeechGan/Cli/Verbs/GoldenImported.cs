using System.Globalization;
using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Goldens;
using SpeechGan.Import;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden pin` and `golden check --run`: goldens of imported runs in a folder of the user's.</summary>
internal static class GoldenImported
{
    /// <summary>Pins a run: lays its trajectory beside the goldens, where a person approves it.</summary>
    public static int Pin(string name, IReadOnlyList<string> runs, string store, IReadOnlyList<string> tolerances, string? because)
    {
        if (runs.Count == 0)
            throw new UsageException("Say which run is pinned: --run RUN; further ones, of other seeds, measure the spread.");
        if (because is not null && tolerances.Count == 0)
            throw new UsageException("--because is the reason of --tolerance FIELD=VALUE, which is not given.");
        var said = Said(tolerances, because);
        var goldens = Goldens(GoldenSelection.Open(null, store, mayBeMade: true));
        var pin = goldens.Pin(name, [.. runs.Select(Load)], said);
        Terminal.Out.Line(
            $"'{runs[0]}': {Counted.Of(pin.Golden.Trajectory.Epochs.Count, "epoch")}, "
                + $"{Counted.Of(pin.Golden.Trajectory.Epochs.Sum(e => e.Values.Count), "value")}, "
                + $"{Counted.Of(pin.Golden.Tolerances.All.Count, "tolerance")}."
        );
        foreach (var tolerance in pin.Golden.Tolerances.All)
            Terminal.Out.Line(
                string.Create(CultureInfo.InvariantCulture, $"  {tolerance.Name, -28} {tolerance.Allowed, -10:G3} {tolerance.Cause}")
            );
        foreach (var note in pin.Notes)
            Terminal.Out.Line($"  Note: {note}");
        Terminal.Out.Line($"Look:    speechgan golden diff {name} --store {store}");
        Terminal.Out.Line($"Approve: speechgan golden approve {name} --store {store}");
        return ExitCode.Good;
    }

    /// <summary>Holds a run against its golden.</summary>
    /// <returns>0: it holds; 1: it differs, is not approved, or its files are not sound.</returns>
    public static int Check(string name, string run, string store, string? received, bool json)
    {
        var result = Goldens(GoldenSelection.Open(null, store, received)).Check(name, Load(run));
        if (json)
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        good = result.IsGood,
                        goldens = new[]
                        {
                            new
                            {
                                name,
                                run,
                                result.State,
                                result.Sentence,
                                firstDivergentEpoch = result.Comparison?.FirstDivergentEpoch,
                                divergences = result.Comparison?.Divergences.Select(GoldenView.Json),
                            },
                        },
                    },
                    RunJson.Document
                )
            );
        else if (result.Report is { } report)
            GoldenView.Print(Terminal.Out, report);
        else
            Terminal.Out.Line(result.Sentence);
        return result.IsGood ? ExitCode.Good : ExitCode.CheckFailed;
    }

    private static ImportedGoldens Goldens(GoldenStore store) =>
        new(store, Versions.Program, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static ImportedRun Load(string folder) =>
        Directory.Exists(folder)
            ? new ImportedRun(folder, RunRecord.Load(folder))
            : throw new UsageException($"--run '{folder}' is not an existing folder. Name a run that `speechgan import` made.");

    // The names of values are those of goldens; those of --map are known, too.
    private static Tolerance[] Said(IReadOnlyList<string> texts, string? because)
    {
        var said = new List<Tolerance>();
        foreach (var text in texts)
        {
            if (string.IsNullOrWhiteSpace(because))
                throw new UsageException(
                    $"--tolerance {text} needs --because TEXT: a golden keeps where each tolerance comes from. Without a reason, give "
                        + $"further runs (--run), from which the spread is measured."
                );
            if (
                text.Split('=', 2) is not [{ Length: > 0 } field, var number]
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var allowed)
                || !double.IsFinite(allowed)
                || allowed < 0
            )
                throw new UsageException(
                    $"--tolerance '{text}' is not FIELD=VALUE with a number of at least 0; write for example --tolerance pesq=0.05."
                );
            var name = ImportedNames.Of(field);
            if (said.Any(s => s.Name == name))
                throw new UsageException($"--tolerance gives {field} twice. Give it once.");
            said.Add(new Tolerance(name, allowed, $"said by the user: {because.ReplaceLineEndings(" ").Trim()}"));
        }
        return [.. said];
    }
}
