using System.Globalization;
using SpeechGan.Goldens;
using SpeechGan.Statistics;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>
/// Whether a healthy trainer raises an alarm (tools/golden-power): the scenario `healthy` under other threads, kernels and BLAS, with seeds
/// that the tolerances were not measured on. Judged as a golden of another host is, and by the paired comparison. SPEECHGAN_REPLAYS says
/// how many.
/// </summary>
public sealed class GoldenReplays
{
    private const long FirstSeed = 21; // tolerances were measured on 1 to 12

    [Test]
    public async Task Healthy_replays_on_other_hosts_raise_no_alarm()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("SPEECHGAN_REPLAYS"), CultureInfo.InvariantCulture, out var count))
        {
            Assert.Ignore("a measurement, not a test: run tools/golden-power");
            return;
        }
        var place = GoldenPlace.Open();
        var scenario = Scenarios.All.Single(s => s.Name == "healthy");
        var tolerances = place.Tolerances().For(scenario.Name);
        tolerances.All.Should().NotBeEmpty("without measured tolerances (tools/measure-golden-spread --write) nothing can be judged");
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
            TestContext.Progress.WriteLine(
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
        TestContext.Progress.WriteLine($"{count} healthy replays, {alarms.Count} alarms");
        alarms.Should().BeEmpty();
    }

    private static IEnumerable<double> Differences(Trajectory first, Trajectory second) =>
        first
            .Epochs.Where(e => e.Epoch > 0)
            .Zip(second.Epochs.Where(e => e.Epoch > 0))
            .SelectMany(e => e.First.Utterances.Select(u => e.Second.Utterances[u.Key]["pesq_wb"] - u.Value["pesq_wb"]));
}
