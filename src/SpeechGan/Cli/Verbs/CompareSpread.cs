using SpeechGan.Comparison;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What runs of one seed may differ by, for two run folders.</summary>
internal static class CompareSpread
{
    /// <summary>As the request says: a scenario's tolerances, or further runs of A's seed.</summary>
    /// <exception cref="UsageException">A folder is no further run of A, or a scenario was named for an imported run.</exception>
    public static SameSeedSpread Of(CompareRequest request, IReadOnlyList<ComparedRun> runs)
    {
        var imported = runs.FirstOrDefault(r => r.IsImported);
        if (request.Scenario is { } name)
            return imported is null
                ? Tolerances(GoldenPlace.Open(request.Building.Golden), Scenarios.Find(name)[0].Scenario)
                : throw new UsageException(
                    $"--scenario {name} has the tolerances of this program's own trainings, and '{imported.Label}' was imported. Give "
                        + $"further runs of A's seed with --same-seed RUN, or leave it out."
                );
        if (request.SameSeed.Count == 0)
            return imported is null ? SameSeedSpread.Unmeasured : SameSeedSpread.Imported;
        var a = runs[0].Record;
        var seen = runs.Select(r => r.Record.Root).ToHashSet();
        var repeats = new List<RunRecord>();
        foreach (var folder in request.SameSeed)
        {
            if (!Directory.Exists(folder))
                throw new UsageException($"--same-seed '{folder}' is not an existing folder. Give a run folder of A's seed and settings.");
            var run = RunRecord.Load(folder);
            if (!seen.Add(run.Root))
                throw new UsageException($"--same-seed '{folder}' is given twice or is a side itself. Give each run once.");
            if (run.Info.Seed != a.Info.Seed)
                throw new UsageException(
                    $"--same-seed '{folder}' has {Seed(run)}, and A has {Seed(a)}. Give runs of A's seed, trained alike."
                );
            if (run.Info.Import is not null && runs.Select(r => r.Record).Concat(repeats).Any(r => r.Info.Id == run.Info.Id))
                throw new UsageException(
                    $"--same-seed '{folder}' was imported from the file of another run here ({run.Info.Id}): a spread needs runs that were "
                        + $"trained apart. Leave it out."
                );
            repeats.Add(run);
        }
        return SameSeedSpread.Of(a, repeats, "--same-seed");
    }

    /// <summary>A scenario's golden tolerances.</summary>
    public static SameSeedSpread Tolerances(GoldenPlace place, Scenario scenario)
    {
        var tolerances = place.Tolerances().For(scenario.Name);
        return tolerances.All.Count == 0
            ? new SameSeedSpread(null, $"scenario '{scenario.Name}' has no measured tolerances in {place.TolerancesFile}")
            : new SameSeedSpread(tolerances, $"golden tolerances of scenario '{scenario.Name}' ({ToleranceTable.FileName})");
    }

    private static string Seed(RunRecord run) => run.Info.Seed is { } seed ? $"seed {seed}" : "no recorded seed (it was imported)";
}
