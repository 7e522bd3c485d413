using System.Globalization;
using SpeechGan.Goldens;
using SpeechGan.Statistics;
using SpeechGan.Tests.Regression.Goldens;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Workflows;

namespace SpeechGan.Tools.Measure;

/// <summary>
/// Whether a healthy trainer raises an alarm (tools/golden-power): the scenario `healthy` under other threads, kernels and BLAS, with seeds
/// that the tolerances were not measured on. Judged as a golden of another host is, and by the paired comparison.
/// </summary>
internal static class GoldenReplays
{
    private const long FirstSeed = 21; // tolerances were measured on 1 to 12

    /// <summary>Replays and judges.</summary>
    /// <param name="arguments">How many replays.</param>
    /// <returns>1 where a healthy one raises an alarm; 3 where nothing can be judged.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var count = Arguments.Number(arguments, 0);
        var place = GoldenPlace.Open();
        var scenario = Scenarios.All.Single(s => s.Name == "healthy");
        var tolerances = place.Tolerances().For(scenario.Name);
        if (tolerances.All.Count == 0)
        {
            Console.Error.WriteLine("Without measured tolerances (tools/measure-golden-spread --write) nothing can be judged.");
            return 3;
        }
        using var trial = new ScenarioTrial(place);
        using var runs = new Workplace();
        var settings = HostSetting.Others.Where(s => s != HostSetting.Others[0]).ToList();
        var alarms = new List<string>();
        Trajectory? first = null;
        for (var i = 0; i < count; i++)
        {
            // A seed for every four settings, so that all settings come and seeds change.
            var seed = FirstSeed + (i / 4);
            if (i % 4 == 0)
                first = Trajectory.Of(await HostSetting.AsItIs.RunAsync(trial, runs.NewRun(), scenario, seed));
            var setting = settings[i % settings.Count];
            var replay = Trajectory.Of(await setting.RunAsync(trial, runs.NewRun(), scenario, seed));
            var golden = new Golden
            {
                Name = scenario.GoldenName(seed),
                Provenance = new Provenance
                {
                    Command = "",
                    Version = "",
                    Date = "",
                    Seed = seed,
                    Corpus = "",
                    Host = "the golden's",
                },
                Tolerances = tolerances,
                Trajectory = first!,
            };
            var comparison = golden.CompareWith(replay, "another");
            var paired = PairedDrop.Of([.. Differences(first!, replay)], tolerances.For("mean.pesq_wb"));
            Console.WriteLine(
                $"replay {i + 1}, seed {seed}, {setting.Name}: {comparison.Outcome}; {paired.Sentence}"
                    + string.Concat(
                        comparison
                            .Divergences.OrderByDescending(d => d.Severity)
                            .Take(8)
                            .Select(d => string.Create(CultureInfo.InvariantCulture, $"\n    {d.Severity:F1} times as far: {d.InWords()}"))
                    )
            );
            if (comparison.Outcome == GoldenOutcome.Differs)
                alarms.Add($"seed {seed}, {setting.Name}: {comparison.Sentence}");
            if (paired.Found != false)
                alarms.Add($"seed {seed}, {setting.Name}: {paired.Sentence}");
        }
        Console.WriteLine($"{count} healthy replays, {alarms.Count} alarms");
        return alarms.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<double> Differences(Trajectory first, Trajectory second) =>
        first
            .Epochs.Where(e => e.Epoch > 0)
            .Zip(second.Epochs.Where(e => e.Epoch > 0))
            .SelectMany(e => e.First.Utterances.Select(u => e.Second.Utterances[u.Key]["pesq_wb"] - u.Value["pesq_wb"]));
}
