using System.Globalization;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden spread --performance`: trains scenarios several times, each in a process of its own, and recommends bounds of what a
/// training may cost.</summary>
internal static class GoldenSpreadPerformance
{
    private const string Tool = "golden spread --performance";

    /// <summary>Runs it.</summary>
    public static int Run(GoldenSpreadRequest request, IReadOnlyList<ScenarioSeed> chosen, CancellationToken stop)
    {
        if (request.Device is not null)
            throw new UsageException("--performance measures the scenarios on their own device, the CPU: leave out --device.");
        using var trial = new ScenarioTrial(request.Place, stop);
        using var measured = new MeasuredScenarios(trial, LaunchVerb.Self([]), stop);
        var table = new ToleranceTable { Measured = "", Scenarios = new Dictionary<string, Tolerances>() };
        var load = new MachineLoad();
        string? host = null;
        foreach (var goldens in chosen.GroupBy(g => g.Scenario))
        {
            var spread = new PerformanceSpread();
            foreach (var golden in goldens)
            {
                var figures = new List<GoldenPerformance>();
                for (var i = 0; i <= request.Repeat; i++)
                {
                    stop.ThrowIfCancellationRequested();
                    var run = measured.Run(golden.Scenario, golden.Seed);
                    host ??= run.Info.Host?.InWords();
                    figures.Add(GoldenPerformance.Of(run, Tolerances.None));
                    load.Look();
                    Terminal.Error.Line(
                        $"{golden.GoldenName}, run {i + 1} of {request.Repeat + 1}: {string.Join(", ", Words(figures[^1]))}"
                    );
                }
                spread.Add(figures, golden.GoldenName);
            }
            table = table.With(goldens.Key.Name, spread.Bounds(Tool, load.InWords));
            foreach (var bound in table.Scenarios[goldens.Key.Name].All)
                Terminal.Out.Line(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{goldens.Key.Name}: {bound.Name} may be up to x{1 + bound.Allowed:G3} of the golden's: {bound.Cause}"
                    )
                );
        }
        if (request.Output is { } output)
        {
            table = table with
            {
                Measured = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{DateTime.UtcNow:yyyy-MM-dd} by speechgan {Tool}, {string.Join(", ", chosen.Select(g => g.GoldenName))}, "
                        + $"{request.Repeat + 1} trainings of each; {load.InWords}; on {host ?? "an unknown host"}. "
                        + $"Shares of the golden's figure."
                ),
            };
            DiskStorage.Instance.Publish(Path.GetFullPath(output), table.Write());
            Terminal.Out.Line(
                $"Written to '{Path.GetFullPath(output)}'. It becomes golden/trajectories/{GoldenPerformance.BoundsFile} when a person "
                    + $"copies it there; goldens take their bounds from it when they are approved."
            );
        }
        return ExitCode.Good;
    }

    private static IEnumerable<string> Words(GoldenPerformance figures) =>
        figures
            .Figures.Select(f => $"{f.Name} {GoldenPerformance.InUnit(f.Name, f.Value)}")
            .Concat(figures.Unavailable.Select(u => $"{u.Key} not measured: {u.Value}"));
}
