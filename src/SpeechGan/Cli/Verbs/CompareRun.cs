using System.Globalization;
using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Comparison;
using SpeechGan.Diagnostics;
using SpeechGan.Engine;
using SpeechGan.Goldens;
using SpeechGan.Reports;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`compare`: reads or trains both sides, and tells.</summary>
internal static class CompareRun
{
    private const double MostSeconds = 7 * 24 * 3600;
    private const int MostRepeats = 100;
    private const long RowsInMemory = 16L << 20; // of each run
    private const string UsualScenario = "healthy";

    /// <summary>Runs it.</summary>
    /// <returns>0: what was asked for holds; 1: it does not; 125: it cannot be judged.</returns>
    public static int Run(CompareRequest request, CancellationToken stop)
    {
        Require(request);
        ComparedSide a = ComparedSide.Parse(request.A),
            b = ComparedSide.Parse(request.B);
        if (request.Output is not null)
            ReportVerb.RequirePlace(Path.GetFullPath(request.Output));
        var comparison = (a.Kind, b.Kind) switch
        {
            (SideKind.Run, SideKind.Run) => OfFolders(request, a, b, stop),
            (SideKind.Run, _) or (_, SideKind.Run) => throw new UsageException(
                "A run folder is compared with another run folder: a training of its size would not be short. Train both sides "
                    + "(commit:, config:, set:, device:, threads:, as-is), or give two folders."
            ),
            _ => OfTrainings(request, a, b, stop),
        };
        var holds = ComparisonJudge.Holds(comparison, request.Assertion);
        if (request.Json)
            Console.WriteLine(JsonSerializer.Serialize(CompareView.Json(comparison, request.Assertion, holds), RunJson.Document));
        else
            CompareView.Print(Terminal.Out, comparison, request.Assertion, holds);
        return holds switch
        {
            true => ExitCode.Good,
            false => ExitCode.CheckFailed,
            _ => ExitCode.CannotJudge,
        };
    }

    /// <summary>An assertion by its word.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static ComparisonAssertion Assertion(string word) =>
        word switch
        {
            "equal" => ComparisonAssertion.Equal,
            "within" => ComparisonAssertion.Within,
            "pesq" => ComparisonAssertion.Pesq,
            _ => throw new UsageException(
                $"--assert is '{word}'; allowed are equal (to the bit), within (the spread of one seed) and pesq (no difference beyond "
                    + $"seeds)."
            ),
        };

    private static void Require(CompareRequest request)
    {
        foreach (var (option, limit) in new[] { ("--build-limit", request.BuildLimit), ("--time-limit", request.TimeLimit) })
            if (limit is not (> 0 and <= MostSeconds))
                throw new UsageException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{option} is {limit}; allowed is above 0 and up to {MostSeconds} seconds (a week)."
                    )
                );
        if (request.Repeat is < 0 or > MostRepeats)
            throw new UsageException($"--repeat is {request.Repeat}; allowed is 0 to {MostRepeats} further trainings of A.");
        foreach (var (option, value) in new[] { ("--epochs", request.Epochs), ("--steps", request.Steps) })
            if (value < 1)
                throw new UsageException($"{option} is {value}; allowed is 1 and more.");
        if (request.TraceStep < 1)
            throw new UsageException($"--trace-step is {request.TraceStep}; steps are counted from 1.");
        if (request.Data is not null && request.Scenario is not null)
            throw new UsageException("Say what is trained: --scenario NAME or --data DIR, not both.");
        if (request.Data is null && ((object?)request.Preset ?? request.Epochs ?? request.Steps) is not null)
            throw new UsageException(
                "--preset, --epochs and --steps are the size of trainings on --data DIR; a scenario has its own. Give --data, or leave "
                    + "them out."
            );
        if (request.SameSeed.Count > 0 && request.Scenario is not null)
            throw new UsageException("The spread of one seed comes from --same-seed RUN or from --scenario NAME, not both.");
        if (request.Data is { } data && !Directory.Exists(data))
            throw new UsageException($"--data '{data}' is not an existing folder. Name a corpus with train/ and valid/.");
        if (request.Seeds.Distinct().Count() < request.Seeds.Count)
            throw new UsageException("--seeds names a seed twice; runs are paired by it. Give each once.");
    }

    private static RunComparison OfFolders(CompareRequest request, ComparedSide a, ComparedSide b, CancellationToken stop)
    {
        if (request.Data is not null || request.Seeds.Count > 0 || request.Knobs.Count > 0 || request.Repeat > 0 || request.Trace)
            throw new UsageException(
                "Two run folders are compared as they are: --data, --seeds, --set, --repeat and --trace are for sides that are "
                    + "trained. Leave them out."
            );
        var (runs, comparison) = WorkProgress.Watch(at =>
        {
            ComparedRun[] read = [Read(a, "A's "), Read(b, "B's ")];
            if (read[0].Record.Root == read[1].Record.Root)
                throw new UsageException($"'{a.Text}' and '{b.Text}' are the same run folder. Give two.");
            return (read, RunComparison.Of([read[0]], [read[1]], CompareSpread.Of(request, read)));

            ComparedRun Read(ComparedSide side, string label) =>
                new(side.Text, RunRecord.LoadWithin(side.Value, new WatchedStorage(at, label), RowsInMemory));
        });
        Page(request, comparison, runs, stop);
        return comparison;
    }

    private static RunComparison OfTrainings(CompareRequest request, ComparedSide a, ComparedSide b, CancellationToken stop)
    {
        if (request.SameSeed.Count > 0)
            throw new UsageException(
                "--same-seed names further run folders, for two run folders. Trained sides are repeated with --repeat N."
            );
        var place = GoldenPlace.Open(request.Golden);
        var scenario = request.Data is null ? Scenarios.Find(request.Scenario ?? UsualScenario)[0] : null;
        var task = new CompareTask
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
        if (request.Keep is { } kept && Directory.Exists(kept) && Directory.EnumerateFileSystemEntries(kept).Any())
            throw new UsageException($"--keep '{kept}' is not empty. Name a folder to be made, or an empty one.");
        var terminal = Terminal.Error;
        using var trial = new ScenarioTrial(place, stop);
        using var commits =
            a.Kind == SideKind.Commit || b.Kind == SideKind.Commit
                ? new CompareCommits(
                    request.Repository,
                    request.Cache,
                    new SpeechGanBuild(request.Build, TimeSpan.FromSeconds(request.BuildLimit)),
                    stop
                )
                : null;
        var folder = request.Keep is { } keep
            ? Directory.CreateDirectory(keep).FullName
            : Directory.CreateTempSubdirectory("speechgan-compare-").FullName;
        try
        {
            var trainings = new CompareTrainings(
                task,
                trial,
                place,
                commits,
                folder,
                TimeSpan.FromSeconds(request.TimeLimit),
                terminal.Line,
                stop
            );
            RequireDifferent(trainings, commits, task, a, b, terminal);
            var ofA = trainings.Train(a);
            var repeats = Enumerable.Range(0, request.Repeat).Select(_ => trainings.Train(a, task.Seeds[0])).ToList();
            var ofB = trainings.Train(b);
            var spread =
                repeats.Count > 0 ? SameSeedSpread.Of(ofA[0].Record, repeats)
                : task.Scenario is { } of ? CompareSpread.Tolerances(place, of)
                : SameSeedSpread.Unmeasured;
            var comparison = Traced(request, RunComparison.Of(ofA, ofB, spread), new CompareTraces(trainings, terminal.Line), a, b, ofA);
            Page(request, comparison, [ofA[0], ofB[0]], stop);
            return comparison;
        }
        finally
        {
            if (request.Keep is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    // Wrong options and unknown commits are told before an hour of training.
    private static void RequireDifferent(
        CompareTrainings trainings,
        CompareCommits? commits,
        CompareTask task,
        ComparedSide a,
        ComparedSide b,
        Terminal terminal
    )
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
                $"Note: '{a.Text}' and '{b.Text}' set every option alike for {task.InWords}; the comparison shows whether two "
                    + $"trainings of it are equal."
            );
        terminal.Line(
            string.Create(CultureInfo.InvariantCulture, $"Training {task.InWords}, seeds {string.Join(' ', task.Seeds)}, both sides.")
        );
    }

    private static RunComparison Traced(
        CompareRequest request,
        RunComparison comparison,
        CompareTraces traces,
        ComparedSide a,
        ComparedSide b,
        IReadOnlyList<ComparedRun> ofA
    )
    {
        if (!request.Trace)
            return comparison;
        var run = ofA.First(r => r.Seed == comparison.Told.Seed).Record;
        return
            (request.TraceStep ?? CompareTraces.FirstStep(comparison.Told, [.. run.Epochs.Select(e => e.LastStep).OfType<long>()]))
                is { } step
            ? comparison with
            {
                Trace = traces.Run(a, b, comparison.Told.Seed!.Value, step),
            }
            : comparison with
            {
                Notes = [.. comparison.Notes, "Nothing differs: no step was traced (--trace-step N traces one all the same)."],
            };
    }

    private static void Page(CompareRequest request, RunComparison comparison, IReadOnlyList<ComparedRun> runs, CancellationToken stop)
    {
        if (request.Output is not { } output)
            return;
        var path = Path.GetFullPath(output);
        ReportPage.Save(
            path,
            ReportPage.Of(
                new ReportInput
                {
                    Runs = [.. runs.Select((r, i) => new ReportRun($"{(i == 0 ? "A" : "B")} {r.Label}", r.Record, Verdict.Of(r.Record)))],
                    Listening = [],
                    Together = CompareAudio.Of(
                        runs[0].Record,
                        runs[1].Record,
                        runs.Select(r => CorpusOfRun.Find(r.Record)).FirstOrDefault(d => d is not null),
                        stop
                    ),
                    Comparison = comparison,
                    MadeAt = DateTimeOffset.UtcNow,
                    MadeBy = Versions.Program,
                }
            )
        );
        Terminal.Error.Line($"Report: {path}");
    }
}
