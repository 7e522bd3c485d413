using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Bisect;
using SpeechGan.Runs;
using SpeechGan.Statistics;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Views;

/// <summary>What a bisect over data found, for people and machines.</summary>
/// <param name="result">The comparison.</param>
/// <param name="noLevels">Why noise levels are not known; null where they are.</param>
/// <param name="places">Where in the files it changed most.</param>
/// <param name="noPlaces">Why that is not known; null where it is.</param>
/// <param name="starving">Training files that starve the discriminator.</param>
/// <param name="run">The run they are of.</param>
internal sealed class DataBisectView(
    DataBisectResult result,
    string? noLevels,
    IReadOnlyList<ChangedPlace> places,
    string? noPlaces,
    IReadOnlyList<StarvingFile> starving,
    RunRecord run
)
{
    private const int Shown = 10;

    /// <summary>The report for machines.</summary>
    public string Json() =>
        JsonSerializer.Serialize(
            new
            {
                result.Before,
                result.After,
                result.Metric,
                result.Change,
                test = new
                {
                    result.Test.MeanDrop,
                    result.Test.Pairs,
                    result.Test.PValue,
                    result.Test.Found,
                    result.Test.Sentence,
                },
                result.Utterances,
                result.Unpaired,
                result.Levels,
                levelsUnavailable = noLevels,
                places,
                placesUnavailable = noPlaces,
                starving,
            },
            RunJson.Document
        );

    /// <summary>Prints all of it.</summary>
    public void Print()
    {
        var terminal = Terminal.Out;
        var test = result.Change.Mean < 0 ? " " + result.Test.Sentence : "";
        terminal.Line(
            $"{result.Metric} from {result.Before} to {result.After}: {Estimate(result.Change)} "
                + $"over {result.Change.Count} utterances.{test}"
        );
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("utterance", "before", "after", "change", "share of the change");
        foreach (var u in result.Utterances.Take(Shown))
            table.AddRow(
                Markup.Escape(u.Name),
                Number(u.Before, "F4"),
                Number(u.After, "F4"),
                Number(u.Change, "+0.0000;-0.0000;0"),
                Number(u.Share, "P0")
            );
        terminal.Table(table);
        foreach (var (name, why) in result.Unpaired.Take(Shown))
            terminal.Line($"  not compared: {name}: {why}");
        terminal.Line(noLevels is null ? "By noise level:" : $"By noise level: not known, {noLevels}.");
        foreach (var level in result.Levels)
            terminal.Line($"  {level.Level, -14} {Estimate(level.Change)} over {level.Change.Count}");
        terminal.Line(noPlaces is null ? "Where in the files SI-SDR moved most:" : $"Where in the files: not known, {noPlaces}.");
        foreach (var place in places.Take(Shown))
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {place.Utterance}  {place.Segment.Start:F1} to {place.Segment.End:F1} s: {place.Segment.Before:F2} to "
                        + $"{place.Segment.After:F2} dB ({place.Segment.Change:+0.00;-0.00;0})"
                )
            );
        PrintStarving(starving, run);
    }

    /// <summary>Prints which training files starve the discriminator.</summary>
    public static void PrintStarving(IReadOnlyList<StarvingFile> starving, RunRecord run)
    {
        var terminal = Terminal.Out;
        terminal.Line(
            (starving.Count, run.Steps.Any(s => s.Samples is not null)) switch
            {
                (> 0, _) => "Training files that could not be scored:",
                (_, true) => "Every training sample was scored.",
                _ => "Which training files were scored was not recorded.",
            }
        );
        foreach (var f in starving.Take(Shown))
            terminal.Line(
                $"  {f.Name}: {f.Reason}, {f.Samples} of {f.Seen} times; {f.BatchesLost} batches without a step of the discriminator"
            );
    }

    private static string Estimate(MeanEstimate e) =>
        Number(e.Mean, "+0.0000;-0.0000;0")
        + (
            e.Low is { } low && e.High is { } high
                ? $" (95 %: {Number(low, "+0.0000;-0.0000;0")} to {Number(high, "+0.0000;-0.0000;0")})"
                : $" ({e.NoInterval})"
        );

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
