using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Bisect;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Views;

/// <summary>What `bisect config` prints: the options that make the fall, and what each does alone and left out.</summary>
internal static class ConfigBisectView
{
    /// <summary>Prints it.</summary>
    public static void Print(Terminal terminal, ConfigBisectFound found)
    {
        var (result, knobs) = (found.Result, found.FixedKnobs);
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Needed!.Count} of {found.Differences.Count} options {(result.Needed.Count == 1 ? "makes" : "make")} the fall of "
                    + $"{found.Field}: {string.Join(", ", result.Needed.Select(d => $"{d.Key} {d.Here} -> {d.There}"))}"
            )
        );
        terminal.Line();
        terminal.Line(
            $"  run         scenario {found.Scenario}, seed "
                + $"{found.Seed}{(knobs.Count > 0 ? ", " + string.Join(" ", knobs) : "")}; {result.Trials} configurations tried"
        );
        terminal.Line(
            $"  good        {Number(result.Good)}   bad {Number(result.Bad)}   with these options alone {Number(result.Reproduced)}"
        );
        terminal.Line($"  judged      bad {(found.Below is not null ? "below " + Number(found.Below) : "above " + Number(found.Above))}");
        terminal.Line($"  sufficient  {(result.Sufficient ? "yes: on the good configuration they show the fault" : "NO")}");
        terminal.Line($"  necessary   {(result.Necessary ? "yes: the set without any one of them does not show it" : "NO")}");
        foreach (var other in result.AlsoSufficient)
            terminal.Line($"  also        {other.Key} {other.Here} -> {other.There} shows the fault by itself: a cure must revert both");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("option", "good -> bad", "needed", "alone", "effect", "without it", "effect");
        foreach (var e in result.Effects)
        {
            var whole = e.Needed ? result.Reproduced : result.Bad;
            table.AddRow(
                Markup.Escape(e.Difference.Key),
                Markup.Escape($"{e.Difference.Here} -> {e.Difference.There}"),
                e.Needed ? "yes" : "no",
                e.AloneOutcome == TrialOutcome.Skip ? "refused" : Number(e.Alone),
                Change(e.Alone, result.Good),
                e.RemovedOutcome == TrialOutcome.Skip ? "refused" : Number(e.Removed),
                Change(e.Removed, whole)
            );
        }
        terminal.Table(table);
    }

    /// <summary>The same as JSON.</summary>
    public static string Json(ConfigBisectFound found) =>
        JsonSerializer.Serialize(
            new
            {
                found.Field,
                scenario = found.Scenario,
                found.Seed,
                found.FixedKnobs,
                found.Below,
                found.Above,
                found.Differences,
                found.Result.Needed,
                found.Result.Good,
                found.Result.Bad,
                found.Result.Reproduced,
                found.Result.Sufficient,
                found.Result.Necessary,
                found.Result.AlsoSufficient,
                found.Result.Effects,
                found.Result.Trials,
            },
            RunJson.Document
        );

    /// <summary>A value in five digits.</summary>
    public static string Number(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture) ?? "none";

    private static string Change(double? value, double? from) =>
        value is { } v && from is { } f ? (v - f).ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture) : "";
}
