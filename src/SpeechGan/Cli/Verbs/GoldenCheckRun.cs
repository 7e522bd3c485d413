using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Comparison;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden check`: trains, compares, and tells all that a person needs where something differs.</summary>
internal static class GoldenCheckRun
{
    private const int MostProcesses = 256;

    public static int Run(GoldenCheckRequest request, CancellationToken stop)
    {
        var (place, names, json, trend) = (request.Place, request.Names, request.Json, request.Trend);
        var side = request.Trace is { } trace ? GoldenTrace.Side(trace) : null;
        if (request.Processes is < 1 or > MostProcesses)
            throw new UsageException($"--processes is {request.Processes}; allowed is 1 to {MostProcesses}.");
        if (request is { Performance: not null, Processes: > 1 })
            throw new UsageException(
                $"--performance measures one training at a time, and --processes is {request.Processes}: trainings side by side cost "
                    + $"each other. Leave one of them out."
            );
        ScenarioSeed[] chosen = names.Count == 0 ? [.. Scenarios.Goldens] : [.. names.SelectMany(Scenarios.Find).Distinct()];
        if (request.ChangedSince is { } since)
            chosen = Changed(place, chosen, since, json, stop);
        var store = place.Store(request.Received);
        using var trial = new ScenarioTrial(place, stop);
        var several = Math.Min(request.Processes ?? Environment.ProcessorCount, chosen.Length);
        using var measured = request.Performance is null ? null : new MeasuredScenarios(trial, LaunchVerb.Self([]), stop);
        using var sideBySide =
            several > 1 && measured is null ? new ScenarioProcesses(trial, chosen, several, LaunchVerb.Self([]), stop) : null;
        var now = DateTimeOffset.UtcNow;
        var surroundings = place.Surroundings(now);
        var check = new GoldenCheck(
            store,
            place.Tolerances(),
            surroundings,
            Trial(trial, sideBySide, measured),
            request.Performance is { } use ? new PerformanceRule(use, place.PerformanceBounds()) : null
        );
        var traces = new Dictionary<string, RunComparison>();
        // Results go to standard output as they come: a bar beside them must be on the same terminal.
        var results = WorkProgress.Watch(!json && Terminal.Out.IsLive ? Terminal.Out : Terminal.Error, at => chosen
                .Select(
                    (golden, i) =>
                    {
                        at("goldens", i, chosen.Length);
                        return Checked(golden, check, Traced, json, stop);
                    }
                )
                .ToList());
        RunComparison? Traced(ScenarioSeed golden) =>
            side is null ? null : traces[golden.GoldenName] = GoldenTrace.Of(golden, side, place, trial, stop);

        if (trend is not null)
            GoldenTrend.Append(trend, [.. results.Select(r => GoldenTrend.Of(r, surroundings.Version, now))]);
        IReadOnlyList<string> ledger = request.Ledger is null
            ? []
            : new RegressionLedger(request.Ledger).Record(results, surroundings.Version, now, name =>
                store.History(name).Effective is [.., var last] ? last : null
            );
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
                        goldens = results.Select(r => JsonOf(r, traces.GetValueOrDefault(r.Golden.GoldenName))),
                        leftovers,
                        ledger,
                    },
                    RunJson.Document
                )
            );
        else
        {
            foreach (var change in ledger)
                Terminal.Out.Line(change);
            foreach (var leftover in leftovers)
                Terminal.Out.Line(leftover);
            if (trend is not null)
                PrintTrend(trend);
            var orphans = !good && results.All(r => r.IsGood) ? "; orphaned files exist (listed above)" : "";
            Terminal.Out.Line($"{results.Count(r => r.IsGood)} of {results.Count} goldens hold{orphans}.");
        }
        return good ? ExitCode.Good : ExitCode.CheckFailed;
    }

    // Trains one and says how it stands.
    private static GoldenCheckResult Checked(
        ScenarioSeed golden,
        GoldenCheck check,
        Func<ScenarioSeed, RunComparison?> trace,
        bool json,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var result = check.Run(golden);
        var found = result.State == GoldenState.Differs ? trace(golden) : null;
        if (json)
            return result;
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
        if (result.Report is null)
            foreach (var cost in result.Performance)
                Terminal.Out.Line("  " + cost.Sentence);
        if (found is not null)
            foreach (var line in GoldenTrace.InWords(found))
                Terminal.Out.Line(line);
        return result;
    }

    private static Func<Scenario, long, RunRecord> Trial(ScenarioTrial trial, ScenarioProcesses? sideBySide, MeasuredScenarios? measured)
    {
        if (measured is not null)
            return measured.Run;
        return sideBySide is null ? trial.Run : sideBySide.Run;
    }

    /// <summary>What is done with figures of performance, by its word.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static PerformanceUse Use(string? word) =>
        word switch
        {
            null or "tell" => PerformanceUse.Tell,
            "fail" => PerformanceUse.Fail,
            "keep" => PerformanceUse.Keep,
            _ => throw new UsageException(
                $"--performance is '{word}'; allowed are tell (the default), fail (a figure beyond its bound on the same host fails the "
                    + $"check) and keep (lays figures that a golden lacks beside it for approval)."
            ),
        };

    private static ScenarioSeed[] Changed(GoldenPlace place, ScenarioSeed[] chosen, string since, bool json, CancellationToken stop)
    {
        using var repository = GitRepository.Open(place.Root, stop);
        var commit = repository.Resolve(since, "--changed-since");
        ScenarioSeed[] changed = [.. ScenarioInputs.Changed(chosen, repository.ChangedSince(commit))];
        if (!json)
            Terminal.Out.Line(
                $"Since {commit[..12]} the inputs of {changed.Length} of {chosen.Length} goldens "
                    + $"changed{(changed.Length == 0 ? ": nothing is trained" : "")}."
            );
        return changed;
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
            divergences = result.Comparison?.Divergences.Select(GoldenDiff.JsonOf),
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
