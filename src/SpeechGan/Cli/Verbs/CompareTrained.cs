using System.Globalization;
using SpeechGan.Comparison;
using SpeechGan.Engine;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`compare` of two sides that are trained for it.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="a">Side A.</param>
/// <param name="b">Side B.</param>
internal sealed class CompareTrained(CompareRequest request, ComparedSide a, ComparedSide b)
{
    private const string UsualScenario = "healthy";

    private readonly Terminal terminal = Terminal.Error;

    /// <summary>Trains both with every seed and compares them.</summary>
    /// <exception cref="UsageException">A side cannot be trained, or an option is for run folders.</exception>
    public RunComparison Run(CancellationToken stop)
    {
        if (request.SameSeed.Count > 0)
            throw new UsageException(
                "--same-seed names further run folders, for two run folders. Trained sides are repeated with --repeat N."
            );
        var building = request.Building;
        var place = GoldenPlace.Open(building.Golden);
        var task = MakeTask();
        if (request.Keep is { } kept && Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any())
            throw new UsageException($"--keep '{kept}' is not empty. Name a folder to be made, or an empty one.");
        using var trial = new ScenarioTrial(place, stop);
        using var commits =
            a.Kind == SideKind.Commit || b.Kind == SideKind.Commit
                ? new CompareCommits(building.Repository, building.Cache, building.Build, stop)
                : null;
        var folder = request.Keep is { } keep
            ? Directory.CreateDirectory(keep).FullName
            : Directory.CreateTempSubdirectory("speechgan-compare-").FullName;
        try
        {
            var limit = TimeSpan.FromSeconds(building.TimeLimit);
            var trainings = new CompareTrainings(task, trial, place, commits, folder, limit, terminal.Line, stop);
            RequireSides(trainings, commits, task);
            return Train(trainings, task, place, stop);
        }
        finally
        {
            if (request.Keep is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private CompareTask MakeTask()
    {
        var scenario = request.Data is null ? Scenarios.Find(request.Scenario ?? UsualScenario)[0] : null;
        return new CompareTask
        {
            Scenario = scenario?.Scenario,
            Data = request.Data,
            Preset = request.Preset ?? "tiny",
            Size = (request.Epochs ?? 2, request.Steps ?? 8),
            Knobs = request.Knobs,
            Seeds =
                request.Seeds.Count > 0 ? request.Seeds
                : scenario is { } s && request.Scenario == s.GoldenName ? [s.Seed]
                : [1, 2, 3, 4, 5],
        };
    }

    // Wrong options and unknown commits are told before an hour of training.
    private void RequireSides(CompareTrainings trainings, CompareCommits? commits, CompareTask task)
    {
        foreach (var side in new[] { a, b })
        {
            TensorDevice.Require(trainings.Config(side, task.Seeds[0]).Train.Device);
            if (side.Kind == SideKind.Commit)
                commits!.Resolve(side);
        }
        var configs = (trainings.Config(a, task.Seeds[0]), trainings.Config(b, task.Seeds[0]));
        if (a.Kind != SideKind.Commit && b.Kind != SideKind.Commit && configs.Item1.DifferencesTo(configs.Item2).Count == 0)
            terminal.Line(
                $"Note: '{a.Text}' and '{b.Text}' set every option to the same value for {task.InWords}; the comparison shows whether two "
                    + $"trainings of it are equal."
            );
        terminal.Line(
            string.Create(CultureInfo.InvariantCulture, $"Training {task.InWords}, seeds {string.Join(' ', task.Seeds)}, both sides.")
        );
    }

    private RunComparison Train(CompareTrainings trainings, CompareTask task, GoldenPlace place, CancellationToken stop)
    {
        var ofA = trainings.Train(a);
        var repeats = Enumerable.Range(0, request.Repeat).Select(_ => trainings.Train(a, task.Seeds[0])).ToList();
        var ofB = trainings.Train(b);
        var spread =
            repeats.Count > 0 ? SameSeedSpread.Of(ofA[0].Record, repeats)
            : task.Scenario is { } of ? CompareSpread.Tolerances(place, of)
            : SameSeedSpread.Unmeasured;
        var comparison = RunComparison.Of(ofA, ofB, spread);
        if (request.Trace)
            comparison = Traced(comparison, new CompareTraces(trainings, terminal.Line), ofA);
        if (request.Output is { } output)
            terminal.Line($"Report: {ComparePage.Save(output, comparison, [ofA[0], ofB[0]], stop)}");
        return comparison;
    }

    private RunComparison Traced(RunComparison comparison, CompareTraces traces, IReadOnlyList<ComparedRun> ofA)
    {
        var run = ofA.First(r => r.Seed == comparison.Told.Seed).Record;
        var step = request.TraceStep ?? CompareTraces.FirstStep(comparison.Told, [.. run.Epochs.Select(e => e.LastStep).OfType<long>()]);
        return step is { } traced
            ? comparison with
            {
                Trace = traces.Run(a, b, comparison.Told.Seed!.Value, traced),
            }
            : comparison with
            {
                Notes = [.. comparison.Notes, "Nothing differs: no step was traced (--trace-step N traces one anyway)."],
            };
    }
}
