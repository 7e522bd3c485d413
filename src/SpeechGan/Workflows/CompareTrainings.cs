using System.Globalization;
using SpeechGan.Comparison;
using SpeechGan.Runs;
using SpeechGan.Training;
using SpeechGan.Training.Tracing;

namespace SpeechGan.Workflows;

/// <summary>Trains the sides of a comparison, each seed in a run folder of its own.</summary>
/// <param name="task">What is trained.</param>
/// <param name="trial">The trainer, and the scenario's corpus and weights.</param>
/// <param name="place">Folder <c>golden/</c>; null where a corpus is trained on.</param>
/// <param name="commits">Builds of commits; null where no side is one.</param>
/// <param name="folder">Where the run folders are made.</param>
/// <param name="limit">Time a training by a commit's build may take.</param>
/// <param name="tell">Told of each training before it starts.</param>
/// <param name="stop">Asks for an end.</param>
internal sealed class CompareTrainings(
    CompareTask task,
    ScenarioTrial trial,
    GoldenPlace? place,
    CompareCommits? commits,
    string folder,
    TimeSpan limit,
    Action<string> tell,
    CancellationToken stop
)
{
    private int count;

    /// <summary>Trains all seeds of a side.</summary>
    /// <exception cref="UsageException">A commit cannot be built, or its training cannot start.</exception>
    public IReadOnlyList<ComparedRun> Train(ComparedSide side) =>
        [.. task.Seeds.Select(seed => new ComparedRun(side.Text, Train(side, seed)))];

    /// <summary>Trains a seed of a side.</summary>
    public RunRecord Train(ComparedSide side, long seed)
    {
        stop.ThrowIfCancellationRequested();
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"run-{++count}"));
        var data = Data;
        tell(string.Create(CultureInfo.InvariantCulture, $"[{count}] {side.Text}, seed {seed}"));
        return side.Kind == SideKind.Commit ? ByCommit(side, seed, data, path) : Here(side, seed, data, path);
    }

    /// <summary>The configuration of a side; wrong options are told before anything is built or trained.</summary>
    public RunConfig Config(ComparedSide side, long seed) =>
        RunConfig.Load(
            task.PresetInUse,
            side.Kind == SideKind.Config ? side.Value : null,
            [
                .. task.CommonKnobs,
                string.Create(CultureInfo.InvariantCulture, $"seed={seed}"),
                .. Weights is { } w
                    ? [$"train.initGenerator={w.Generator}", $"train.initDiscriminator={w.Discriminator}"]
                    : Array.Empty<string>(),
                .. side.Knobs,
            ]
        );

    /// <summary>Traces a step of a side.</summary>
    /// <exception cref="UsageException">A commit's program cannot trace.</exception>
    public StepTrace Trace(ComparedSide side, long seed, long step, TraceRecorder recorder)
    {
        stop.ThrowIfCancellationRequested();
        if (side.Kind != SideKind.Commit)
        {
            var config = Config(side, seed);
            return new TracedStep().Run(side.Text, config, CorpusOfRun.Open(Data, config).WithoutTest(), step, recorder, stop);
        }
        var file = Path.Combine(folder, "trace-" + Guid.NewGuid().ToString("N"));
        var arguments = CommitTraining.Arguments(task.PresetInUse, seed, Weights, task.CommonKnobs.Concat(side.Knobs));
        var end = ProcessRunner.Run(
            commits!.Built(side),
            [
                "dotnet",
                Path.Combine(commits.Built(side), SpeechGanBuild.Program),
                "trace",
                "--data",
                Data,
                "--out",
                file,
                "--step",
                step.ToString(CultureInfo.InvariantCulture),
                .. arguments,
            ],
            limit,
            stop: stop
        );
        if (end.TimedOut || end.ExitCode != ExitCode.Good)
        {
            var why = end.TimedOut
                ? "it took longer than --time-limit"
                : $"its `trace` ended with exit code {end.ExitCode}: {end.LastWords}";
            throw new UsageException(
                $"'{side.Text}' cannot be traced: {why}. A commit before the verb `trace` has none; leave --trace out for it."
            );
        }
        try
        {
            return TraceFile.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private string Data => task.Scenario is { } scenario ? trial.Corpus(scenario.Corpus) : task.Data!;

    private (string Generator, string Discriminator)? Weights =>
        task.Scenario is { TrainedStart: true } ? (place!.Generator, place.Discriminator) : null;

    private RunRecord Here(ComparedSide side, long seed, string data, string path)
    {
        try
        {
            return trial.Train(path, data, Config(side, seed));
        }
        catch (NonFiniteException)
        {
            // What ended it is in its record, and is a difference like any other.
            return RunRecord.Load(path);
        }
    }

    private RunRecord ByCommit(ComparedSide side, long seed, string data, string path)
    {
        var worktree = commits!.Built(side);
        var arguments = CommitTraining.Arguments(task.PresetInUse, seed, Weights, task.CommonKnobs.Concat(side.Knobs));
        var end = CommitTraining.Train(worktree, arguments, data, path, limit, stop)
            ?? throw new UsageException($"'{side.Text}' cannot be trained: {CommitTraining.NoProgram}.");
        if (end.TimedOut)
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{side.Text}' trained longer than {limit.TotalSeconds} s and was ended. Give more with --time-limit."
                )
            );
        // 1 is a loss that is not finite: its record tells of it.
        if (end.ExitCode is not (ExitCode.Good or ExitCode.CheckFailed))
            throw new UsageException($"'{side.Text}' cannot be trained: its `train` ended with exit code {end.ExitCode}: {end.LastWords}");
        return RunRecord.Load(path);
    }
}
