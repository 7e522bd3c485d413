using SpeechGan.Bisect;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What a bisect over commits trains and judges by, where it is asked for a scenario.</summary>
internal static class BisectScenario
{
    /// <summary>Makes it; what no commit could satisfy is refused here, before the first build.</summary>
    /// <exception cref="UsageException">There is no such golden, or nothing to judge by.</exception>
    public static ScenarioRun Of(CommitRequest request, ScenarioTrial trial)
    {
        var found = Scenarios.Find(request.Scenario!);
        var scenario = found[0].Scenario;
        long[] seeds = request.Seeds.Count > 0 ? [.. request.Seeds] : [found.Count == 1 ? found[0].Seed : scenario.Seeds[0]];
        // Refused here rather than by every commit.
        trial.Config(scenario, seeds[0], [.. request.Knobs]);
        var reading = request.Field is { } field ? FieldReading.Of(field) : null;
        if (reading is not null && request.HasBound)
        {
            var bound = TrialJudge.Bound(reading, request.Below, request.Above);
            return With(_ => bound);
        }
        if (request.Knobs.Count > 0)
        {
            // With knobs of its own the run is no longer that of a golden: the good end's is the reference.
            var measured = TrialJudge.Measured(
                reading
                    ?? throw new UsageException(
                        "With --set the run is no longer that of a golden: say what is judged with --field NAME (against the good end, or "
                            + "with --below X or --above X)."
                    )
            );
            return With(_ => measured);
        }
        var store = GoldenPlace.Open(request.Building.Golden).Store();
        var judges = seeds.ToDictionary(s => s, s => ByGolden(store, scenario.GoldenName(s), reading));
        return With(s => judges[s]);

        ScenarioRun With(Func<long, TrialJudge> judge) =>
            new(scenario, seeds, judge, request.Knobs, trial, TimeSpan.FromSeconds(request.Building.TimeLimit));
    }

    private static TrialJudge ByGolden(GoldenStore store, string name, FieldReading? reading)
    {
        if (!store.IsApproved(name))
            throw new UsageException(
                $"No golden '{name}' is approved to judge by. Give a seed that has one, or --field NAME with --below X or --above X."
            );
        var golden = store.Read(name);
        return reading is null ? TrialJudge.WholeGolden(golden) : TrialJudge.GoldenField(reading, golden);
    }
}
