using System.Diagnostics;
using SpeechGan.Cli.Views;
using SpeechGan.Comparison;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden check`: trains, compares, and tells all that a person needs where something differs.</summary>
internal static class GoldenCheckRun
{
    public static int Run(GoldenCheckRequest request, CancellationToken stop)
    {
        request.Validate();
        var place = request.Place;
        var side = request.Trace is { } trace ? GoldenTrace.Side(trace) : null;
        var chosen = Chosen(request, stop);
        var store = place.Store(request.Received);
        using var trial = new ScenarioTrial(place, stop);
        using var trainings = new CheckedTrainings(
            trial,
            chosen,
            request.Processes,
            request.Performance is not null,
            LaunchVerb.Self([]),
            stop
        );
        var now = DateTimeOffset.UtcNow;
        var surroundings = place.Surroundings(now);
        var check = new GoldenCheck(
            store,
            place.Tolerances(),
            surroundings,
            trainings.Run,
            request.Performance is { } use ? new PerformanceRule(use, place.PerformanceBounds()) : null
        );
        var traces = new Dictionary<string, RunComparison>();
        // Results go to standard output as they come: a bar beside them must be on the same terminal.
        var results = WorkProgress.Watch(!request.Json && Terminal.Out.IsLive ? Terminal.Out : Terminal.Error, at => chosen
                .Select(
                    (golden, i) =>
                    {
                        at("goldens", i, chosen.Length);
                        return Checked(golden, check, Traced, request.Json, stop);
                    }
                )
                .ToList());
        RunComparison? Traced(ScenarioSeed golden) =>
            side is null ? null : traces[golden.GoldenName] = GoldenTrace.Of(golden, side, place, trial, stop);

        if (request.Trend is not null)
            GoldenTrend.Append(request.Trend, [.. results.Select(r => GoldenTrend.Of(r, surroundings.Version, now))]);
        var outcome = Outcome(request, store, results, surroundings.Version, now);
        if (request.Json)
            Console.WriteLine(GoldenCheckView.Json(outcome, traces));
        else
            GoldenCheckView.PrintEnd(Terminal.Out, outcome, request.Trend);
        return outcome.IsGood ? ExitCode.Good : ExitCode.CheckFailed;
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
        GoldenCheckView.Print(Terminal.Out, result, clock.Elapsed);
        if (found is not null)
            foreach (var line in GoldenTrace.InWords(found))
                Terminal.Out.Line(line);
        return result;
    }

    private static ScenarioSeed[] Chosen(GoldenCheckRequest request, CancellationToken stop)
    {
        ScenarioSeed[] chosen =
            request.Names.Count == 0 ? [.. Scenarios.Goldens] : [.. request.Names.SelectMany(Scenarios.Find).Distinct()];
        if (request.ChangedSince is not { } since)
            return chosen;
        using var repository = GitRepository.Open(request.Place.Root, stop);
        var commit = repository.Resolve(since, "--changed-since");
        ScenarioSeed[] changed = [.. ScenarioInputs.Changed(chosen, repository.ChangedSince(commit))];
        if (!request.Json)
            Terminal.Out.Line(
                $"Since {commit[..12]} the inputs of {changed.Length} of {chosen.Length} goldens "
                    + $"changed{(changed.Length == 0 ? ": nothing is trained" : "")}."
            );
        return changed;
    }

    private static GoldenCheckOutcome Outcome(
        GoldenCheckRequest request,
        GoldenStore store,
        IReadOnlyList<GoldenCheckResult> results,
        string version,
        DateTimeOffset now
    )
    {
        IReadOnlyList<string> ledger = request.Ledger is null
            ? []
            : new RegressionLedger(request.Ledger).Record(results, version, now, name =>
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
        var isGood = results.All(r => r.IsGood) && (request.Names.Count > 0 || leftovers.Length == 0);
        return new GoldenCheckOutcome(results, leftovers, ledger, isGood);
    }
}
