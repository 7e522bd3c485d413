using System.Globalization;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Goldens;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Workflows;

namespace SpeechGan.Tools.Measure;

/// <summary>
/// Measures what tolerances rest on (tools/measure-golden-spread): each scenario in child processes that differ in what another machine may
/// have. SPEECHGAN_SPREAD_SEEDS and SPEECHGAN_SPREAD_SETTINGS (a part of their names) measure further seeds under some settings: what is
/// written then only grows.
/// </summary>
internal static class GoldenSpread
{
    private const string Tool = "tools/measure-golden-spread";

    // More seeds than have goldens: seeds differ in how far they spread, and few are too few to meet a wide one.
    private const int FurtherSeeds = 9;

    /// <summary>Measures it.</summary>
    /// <param name="arguments"><c>--write</c> writes the table golden/trajectories/tolerances.txt; then scenarios, none: all.</param>
    /// <returns>1 where runs of one seed differ by more than is allowed, or by what is not finite.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var writes = arguments is ["--write", ..];
        string[] wanted = [.. arguments.Skip(writes ? 1 : 0)];
        var place = GoldenPlace.Open();
        var table = place.Tolerances();
        Scenario[] chosen =
            wanted.Length == 0 ? [.. Scenarios.All] : [.. wanted.SelectMany(Scenarios.Find).Select(g => g.Scenario).Distinct()];
        List<string> noNumber = [],
            beyond = [];
        using var trial = new ScenarioTrial(place);
        using var runs = new Workplace();
        foreach (var scenario in chosen)
        {
            var spread = new TrajectorySpread();
            // One tensor thread each: two processes side by side change no bit and halve the time.
            HostSetting[] settings =
            [
                HostSetting.AsItIs,
                .. HostSetting.Others.Where(s => s.Name.Contains(FurtherSettings ?? "", StringComparison.Ordinal)),
            ];
            (long Seed, HostSetting Setting, string Run)[] works =
            [
                .. (GivenSeeds ?? Seeds(scenario)).SelectMany(seed => settings.Select(s => (seed, s, runs.NewRun()))),
            ];
            var found = new Trajectory[works.Length];
            trial.Corpus(scenario.Corpus);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, works.Length),
                new ParallelOptions { MaxDegreeOfParallelism = 2 },
                async (i, _) =>
                {
                    found[i] = Trajectory.Of(await works[i].Setting.RunAsync(trial, works[i].Run, scenario, works[i].Seed));
                    if (i % settings.Length == 0)
                        Console.WriteLine($"{scenario.Name}: run {i + 1} of {works.Length}");
                }
            );
            for (var i = 0; i < works.Length; i++)
            {
                var first = found[i / settings.Length * settings.Length];
                if (i % settings.Length == 0)
                    continue;
                var distances = spread.Add(first, found[i], $"seed {works[i].Seed}, {works[i].Setting.Name}");
                Console.WriteLine(
                    $"{scenario.GoldenName(works[i].Seed)}, {works[i].Setting.Name}: "
                        + (
                            distances.Count == 0
                                ? "same bits"
                                : string.Join(
                                    ", ",
                                    distances
                                        .Where(d => d.Key is "loss.total" or "gradientShare.gan" or "mean.pesq_wb" or "mean.si_sdr")
                                        .Select(d => $"{d.Key} {Number(d.Value)}")
                                )
                        )
                );
            }
            noNumber.AddRange(spread.Problems);
            var tolerances = spread.Tolerances(Tool);
            Console.WriteLine($"\n{scenario.Name}: largest distance by value, and what is allowed now:");
            foreach (var (name, (distance, where)) in spread.Largest)
            {
                Console.WriteLine(
                    $"  {name, -32} {Number(distance), -10} allowed {Number(table.For(scenario.Name).For(name)), -10} {where}"
                );
                if (distance > table.For(scenario.Name).For(name))
                    beyond.Add(
                        $"{scenario.Name}: {name} moves by {Number(distance)} ({where}), {Number(table.For(scenario.Name).For(name))} "
                            + $"is allowed"
                    );
            }
            if (writes && GivenSeeds is null && FurtherSettings is null)
                Write(place, scenario, tolerances);
            else if (writes)
                Widen(place, scenario, tolerances);
        }
        foreach (var problem in noNumber.Concat(writes ? [] : beyond))
            Console.WriteLine(problem);
        // What is not finite no tolerance covers; what was written is allowed from now on.
        return noNumber.Count > 0 || (beyond.Count > 0 && !writes) ? 1 : 0;
    }

    private static IEnumerable<long> Seeds(Scenario scenario) =>
        scenario.Seeds.Concat(Enumerable.Range(1, FurtherSeeds).Select(i => scenario.Seeds.Max() + i));

    private static void Write(GoldenPlace place, Scenario scenario, Tolerances tolerances)
    {
        var host = SpeechGan.Engine.TensorHost.Fingerprint(scenario.Config(1)).InWords();
        var table = place.Tolerances().With(scenario.Name, tolerances) with
        {
            Measured = string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.UtcNow:yyyy-MM-dd} by {Tool} (last scenario {scenario.Name}), seeds {string.Join(", ", Seeds(scenario))}, "
                    + $"{HostSetting.Others.Count} settings: {string.Join("; ", HostSetting.Others.Select(s => s.Name))}; on {host}"
            ),
        };
        DiskStorage.Instance.Publish(place.TolerancesFile, table.Write());
        Console.WriteLine($"written to {place.TolerancesFile}");
    }

    private static long[]? GivenSeeds =>
        Environment.GetEnvironmentVariable("SPEECHGAN_SPREAD_SEEDS") is { Length: > 0 } seeds
            ? [.. seeds.Split(' ').Select(s => long.Parse(s, CultureInfo.InvariantCulture))]
            : null;

    private static string? FurtherSettings =>
        Environment.GetEnvironmentVariable("SPEECHGAN_SPREAD_SETTINGS") is { Length: > 0 } part ? part : null;

    // A tolerance is never narrowed by a part of the measurement.
    private static void Widen(GoldenPlace place, Scenario scenario, Tolerances tolerances)
    {
        var table = place.Tolerances();
        var before = table.Scenarios.GetValueOrDefault(scenario.Name, Tolerances.None);
        var wider = new Tolerances
        {
            All = [.. before.All.Concat(tolerances.All).GroupBy(t => t.Name).Select(g => g.MaxBy(t => t.Allowed)!)],
        };
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"; {scenario.Name} widened by seeds {string.Join(", ", GivenSeeds ?? [.. Seeds(scenario)])} under settings "
                + $"{FurtherSettings ?? "all"}"
        );
        DiskStorage.Instance.Publish(
            place.TolerancesFile,
            (
                table.With(scenario.Name, wider) with
                {
                    Measured = table.Measured.Contains(what, StringComparison.Ordinal) ? table.Measured : table.Measured + what,
                }
            ).Write()
        );
        var widened = wider
            .All.Where(t => t.Allowed > before.For(t.Name))
            .Select(t => $"{t.Name} {Number(before.For(t.Name))} -> {Number(t.Allowed)}");
        Console.WriteLine($"widened in {place.TolerancesFile}: {string.Join(", ", widened)}");
    }

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
