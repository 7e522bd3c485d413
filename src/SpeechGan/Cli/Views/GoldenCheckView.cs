using System.Globalization;
using System.Text.Json;
using SpeechGan.Comparison;
using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Cli.Views;

/// <summary>A check of goldens on a screen and for machines.</summary>
internal static class GoldenCheckView
{
    /// <summary>Prints one golden's result as soon as it is there.</summary>
    /// <param name="terminal">Terminal.</param>
    /// <param name="result">The result.</param>
    /// <param name="took">How long the check of it took.</param>
    public static void Print(Terminal terminal, GoldenCheckResult result, TimeSpan took)
    {
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Golden.GoldenName, -18} {Word(result.State), -26} [{took.TotalSeconds:F1} s]"
            )
        );
        if (result.Report is { } report)
        {
            GoldenView.Print(terminal, report);
            return;
        }
        if (!result.IsGood)
            terminal.Line(result.Sentence);
        foreach (var cost in result.Performance)
            terminal.Line("  " + cost.Sentence);
    }

    /// <summary>Prints what holds for all of them together.</summary>
    /// <param name="terminal">Terminal.</param>
    /// <param name="outcome">What the check came to.</param>
    /// <param name="trend">File of the trend; null: none is kept.</param>
    public static void PrintEnd(Terminal terminal, GoldenCheckOutcome outcome, string? trend)
    {
        foreach (var line in outcome.Ledger.Concat(outcome.Leftovers))
            terminal.Line(line);
        if (trend is not null)
        {
            var (entries, problems) = GoldenTrend.Read(trend);
            foreach (var line in problems.Concat(GoldenTrend.Table(entries)))
                terminal.Line(line);
        }
        var hold = outcome.Results.Count(r => r.IsGood);
        var orphans = !outcome.IsGood && hold == outcome.Results.Count ? "; orphaned files exist (listed above)" : "";
        terminal.Line($"{hold} of {outcome.Results.Count} goldens hold{orphans}.");
    }

    /// <summary>The whole check as JSON.</summary>
    /// <param name="outcome">What the check came to.</param>
    /// <param name="traces">Goldens that differ, trained by another side as well, by name.</param>
    public static string Json(GoldenCheckOutcome outcome, IReadOnlyDictionary<string, RunComparison> traces) =>
        JsonSerializer.Serialize(
            new
            {
                good = outcome.IsGood,
                goldens = outcome.Results.Select(r => JsonOf(r, traces.GetValueOrDefault(r.Golden.GoldenName))),
                leftovers = outcome.Leftovers,
                ledger = outcome.Ledger,
            },
            RunJson.Document
        );

    private static string Word(GoldenState state) =>
        state switch
        {
            GoldenState.Equal => "equal to the bit",
            GoldenState.WithinTolerance => "within tolerance",
            GoldenState.Differs => "DIFFERS",
            GoldenState.NotApproved => "not approved yet",
            GoldenState.OtherTolerances => "other tolerances",
            GoldenState.Costlier => "holds, but COSTS MORE",
            _ => "UNSOUND",
        };

    private static object JsonOf(GoldenCheckResult result, RunComparison? against) =>
        new
        {
            name = result.Golden.GoldenName,
            scenario = result.Golden.Scenario.Name,
            result.Golden.Seed,
            result.State,
            result.Sentence,
            sameHost = result.Comparison?.SameHost,
            firstDivergentEpoch = result.Comparison?.FirstDivergentEpoch,
            divergences = result.Comparison?.Divergences.Select(GoldenView.Json),
            performance = result.Performance.Count == 0 ? null : result.Performance,
            against = against is null
                ? null
                : new
                {
                    side = against.A,
                    against.Outcome,
                    against.Told.First,
                    trace = against.Trace is { } t ? CompareView.Json(t) : null,
                },
        };
}
