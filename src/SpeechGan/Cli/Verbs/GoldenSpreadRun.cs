using System.Globalization;
using SpeechGan.Engine;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden spread`: trains scenarios several times with one seed on a device, and recommends tolerances from what they differ
/// by.</summary>
internal static class GoldenSpreadRun
{
    private const int MostRepeats = 1000;

    /// <summary>Runs it.</summary>
    /// <returns>0; 1 where runs of one seed differ by something that is not a number, which no tolerance covers.</returns>
    public static int Run(GoldenSpreadRequest request, CancellationToken stop)
    {
        var (place, repeat, device, output) = (request.Place, request.Repeat, request.Device, request.Output);
        if (repeat is < 1 or > MostRepeats)
            throw new UsageException($"--repeat is {repeat}; allowed is 1 to {MostRepeats} trainings after the first.");
        if (output is not null)
            OutputFile.RequirePlace(Path.GetFullPath(output), "table of tolerances");
        ScenarioSeed[] chosen =
            request.Names.Count == 0 ? [.. Scenarios.Goldens] : [.. request.Names.SelectMany(Scenarios.Find).Distinct()];
        if (request.Performance)
            return GoldenSpreadPerformance.Run(request, chosen, stop);
        string[] knobs = device is null ? [] : ["train.device=" + device];
        using var trial = new ScenarioTrial(place, stop);
        TensorDevice.Require(trial.Config(chosen[0].Scenario, chosen[0].Seed, knobs).Train.Device);
        var now = place.Tolerances();
        var table = new ToleranceTable { Measured = "", Scenarios = new Dictionary<string, Tolerances>() };
        var problems = new List<string>();
        string? host = null;
        foreach (var goldens in chosen.GroupBy(g => g.Scenario))
        {
            var spread = new TrajectorySpread();
            foreach (var golden in goldens)
            {
                var config = trial.Config(golden.Scenario, golden.Seed, knobs);
                var first = trial.Run(golden.Scenario, config);
                host ??= first.Info.Host?.InWords();
                for (var i = 1; i <= repeat; i++)
                {
                    stop.ThrowIfCancellationRequested();
                    var own = spread.Add(
                        Trajectory.Of(first),
                        Trajectory.Of(trial.Run(golden.Scenario, config)),
                        string.Create(CultureInfo.InvariantCulture, $"seed {golden.Seed}, run {i + 1}")
                    );
                    Terminal.Error.Line(
                        $"{golden.GoldenName}, run {i + 1} of {repeat + 1}: {(own.Count == 0 ? "same bits" : $"{own.Count} values differ")}"
                    );
                }
            }
            problems.AddRange(spread.Problems.Select(p => $"{goldens.Key.Name}: {p}"));
            table = table.With(goldens.Key.Name, spread.Tolerances("golden spread"));
            Print(goldens.Key, spread, table.Scenarios[goldens.Key.Name], now.For(goldens.Key.Name));
        }
        table = table with
        {
            Measured = string.Create(
                CultureInfo.InvariantCulture,
                $"{DateTime.UtcNow:yyyy-MM-dd} by speechgan golden spread, {string.Join(", ", chosen.Select(g => g.GoldenName))}, "
                    + $"{repeat + 1} runs of each seed; on {host ?? "an unknown host"}"
            ),
        };
        foreach (var problem in problems)
            Terminal.Out.Line($"No tolerance covers this: {problem}");
        if (output is not null)
        {
            DiskStorage.Instance.Publish(Path.GetFullPath(output), table.Write());
            Terminal.Out.Line(
                $"Written to '{Path.GetFullPath(output)}'. It becomes golden/trajectories/{ToleranceTable.FileName} when a person "
                    + $"copies it there; the goldens are then approved with it."
            );
        }
        return problems.Count > 0 ? ExitCode.CheckFailed : ExitCode.Good;
    }

    private static void Print(Scenario scenario, TrajectorySpread spread, Tolerances recommended, Tolerances now)
    {
        if (spread.Largest.Count == 0)
        {
            Terminal.Out.Line(
                $"{scenario.Name}: all runs of a seed are equal to the bit; no tolerance is needed between runs on this host and device."
            );
            return;
        }
        Terminal.Out.Line(
            $"{scenario.Name}: largest distance of runs of one seed, recommended tolerance ({ToleranceTable.Factor} times it, rounded "
                + $"up), and the one in force"
        );
        foreach (var (name, (distance, where)) in spread.Largest)
            Terminal.Out.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {name, -32} {distance, -10:G3} {recommended.For(name), -10:G3} {now.For(name), -10:G3} "
                        + $"{(recommended.For(name) > now.For(name) ? "WIDER " : "")}{where}"
                )
            );
    }
}
