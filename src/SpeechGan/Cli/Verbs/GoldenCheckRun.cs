using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden check`: trains, compares, and tells all that a person needs where something differs.</summary>
internal static class GoldenCheckRun
{
    public static int Run(GoldenPlace place, IReadOnlyList<string> names, bool json, string? trend, CancellationToken stop)
    {
        ScenarioSeed[] chosen = names.Count == 0 ? [.. Scenarios.Goldens] : [.. names.SelectMany(Scenarios.Find).Distinct()];
        var store = place.Store();
        using var trial = new ScenarioTrial(place, stop);
        var now = DateTimeOffset.UtcNow;
        var surroundings = place.Surroundings(now);
        var check = new GoldenCheck(store, place.Tolerances(), surroundings, trial.Run);
        var results = new List<GoldenCheckResult>();
        foreach (var golden in chosen)
        {
            stop.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            var result = check.Run(golden);
            results.Add(result);
            if (json)
                continue;
            Terminal.Out.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{golden.GoldenName, -18} {Word(result.State), -26} [{clock.Elapsed.TotalSeconds:F1} s]"
                )
            );
            if (result.Report is { } report)
                GoldenView.Print(Terminal.Out, report);
            else if (!result.IsGood)
                Terminal.Out.Line(result.Sentence);
        }
        if (trend is not null)
            GoldenTrend.Append(trend, [.. results.Select(r => GoldenTrend.Of(r, surroundings.Version, now))]);
        // Received files of this check were told with their results.
        string[] leftovers =
        [
            .. store
                .Leftovers([.. Scenarios.Goldens.Select(g => g.GoldenName)])
                .Where(l =>
                    !results.Any(r => !r.IsGood && l.Contains($"'{store.ReceivedPath(r.Golden.GoldenName)}'", StringComparison.Ordinal))
                ),
        ];
        var good = results.All(r => r.IsGood) && (names.Count > 0 || leftovers.Length == 0);
        if (json)
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        good,
                        goldens = results.Select(JsonOf),
                        leftovers,
                    },
                    RunJson.Document
                )
            );
        else
        {
            foreach (var leftover in leftovers)
                Terminal.Out.Line(leftover);
            if (trend is not null)
                PrintTrend(trend);
            Terminal.Out.Line(
                $"{results.Count(r => r.IsGood)} of {results.Count} goldens "
                    + $"hold{(good ? "" : results.All(r => r.IsGood) ? "; orphaned files exist (listed above)" : "")}."
            );
        }
        return good ? ExitCode.Good : ExitCode.CheckFailed;
    }

    private static void PrintTrend(string trend)
    {
        var (entries, problems) = GoldenTrend.Read(trend);
        foreach (var line in problems.Concat(GoldenTrend.Table(entries)))
            Terminal.Out.Line(line);
    }

    /// <summary>A state in words.</summary>
    public static string Word(GoldenState state) =>
        state switch
        {
            GoldenState.Equal => "equal to the bit",
            GoldenState.WithinTolerance => "within tolerance",
            GoldenState.Differs => "DIFFERS",
            GoldenState.NotApproved => "not approved yet",
            GoldenState.OtherTolerances => "other tolerances",
            _ => "UNSOUND",
        };

    private static object JsonOf(GoldenCheckResult result) =>
        new
        {
            name = result.Golden.GoldenName,
            scenario = result.Golden.Scenario.Name,
            result.Golden.Seed,
            result.State,
            result.Sentence,
            sameHost = result.Comparison?.SameHost,
            firstDivergentEpoch = result.Comparison?.FirstDivergentEpoch,
            divergences = result.Comparison?.Divergences.Select(GoldenDiff.JsonOf),
        };
}
