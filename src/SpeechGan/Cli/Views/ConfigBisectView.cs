using System.Globalization;
using Spectre.Console;
using SpeechGan.Bisect;
using SpeechGan.Goldens;

namespace SpeechGan.Cli.Views;

/// <summary>What `bisect config` prints: the options that make the fall, and what each does alone and left out.</summary>
internal static class ConfigBisectView
{
    /// <summary>Prints it.</summary>
    /// <param name="field">The field that is judged.</param>
    /// <param name="scenario">What was trained.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="knobs">Options of all trials.</param>
    /// <param name="options">How many options differ.</param>
    /// <param name="below">Values below are bad; null: those above the other limit.</param>
    /// <param name="above">Values above are bad.</param>
    /// <param name="result">What was found.</param>
    public static void Print(
        string field,
        IReadOnlyList<string> knobs,
        Scenario scenario,
        long seed,
        int options,
        double? below,
        double? above,
        ConfigBisectResult result
    )
    {
        var terminal = Terminal.Out;
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Needed!.Count} of {options} options {(result.Needed.Count == 1 ? "makes" : "make")} the fall of "
                    + $"{field}: {string.Join(", ", result.Needed.Select(d => $"{d.Key} {d.Here} -> {d.There}"))}"
            )
        );
        terminal.Line();
        terminal.Line(
            $"  run         scenario {scenario.Name}, seed "
                + $"{seed}{(knobs.Count > 0 ? ", " + string.Join(" ", knobs) : "")}; {result.Trials} configurations tried"
        );
        terminal.Line(
            $"  good        {Number(result.Good)}   bad {Number(result.Bad)}   with these options alone {Number(result.Reproduced)}"
        );
        terminal.Line($"  judged      bad {(below is not null ? "below " + Number(below) : "above " + Number(above))}");
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

    /// <summary>A value in five digits.</summary>
    public static string Number(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture) ?? "none";

    private static string Change(double? value, double? from) =>
        value is { } v && from is { } f ? (v - f).ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture) : "";
}
