using System.Text.Json;
using SpeechGan.Data;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Runs;

/// <summary>A whole run as recorded, for diagnosis and reports: read only, made of what is on the disk, whether the run is over or
/// not.</summary>
public sealed record RunRecord
{
    /// <summary>Full path of the folder; empty for a record made in memory.</summary>
    public string Root { get; init; } = "";

    /// <summary>Contents of <c>run.json</c>; the status is <c>interrupted</c> where it says running and no process holds the
    /// folder.</summary>
    public required RunInfo Info { get; init; }

    /// <summary>Configuration; absent where it cannot be read (told in <see cref="Problems"/>).</summary>
    public RunConfig? Config { get; init; }

    /// <summary>Steps in order, whole lines. Those of a record on the disk are read from it each time they are gone through, so that its
    /// folder must still be there: see <see cref="Rows"/> for what needs no whole lines.</summary>
    /// <exception cref="IOException">The run folder is gone.</exception>
    public IReadOnlyList<StepTelemetry> Steps
    {
        get;
        init => (field, rows) = (value, null);
    } = [];

    /// <summary>The same steps as rows, which are quick to go through and take memory that does not grow with the record.</summary>
    public StepRows Rows => rows ??= StepRows.Of(Steps);

    /// <summary>Epochs in order.</summary>
    public IReadOnlyList<EpochTelemetry> Epochs { get; init; } = [];

    /// <summary>Utterances of all evaluations in order.</summary>
    public IReadOnlyList<UtteranceEvaluation> Evaluations { get; init; } = [];

    /// <summary>Reconstruction identities in order.</summary>
    public IReadOnlyList<ReconstructionCheck> Oracles { get; init; } = [];

    /// <summary>Audit of its corpus; absent where none was made.</summary>
    public AuditReport? Audit { get; init; }

    /// <summary>What the training cost its machine; absent where it was not measured.</summary>
    public RunPerformance? Performance { get; init; }

    /// <summary>What could not be read, in sentences; what could is here all the same.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Lines of <c>steps.jsonl</c> that could not be read: steps that the run took and <see cref="Steps"/> lacks.</summary>
    public int UnreadSteps { get; init; }

    /// <summary>Lines of <c>epochs.jsonl</c> that could not be read.</summary>
    public int UnreadEpochs { get; init; }

    /// <summary>Lines of <c>evaluations.jsonl</c> that could not be read.</summary>
    public int UnreadEvaluations { get; init; }

    private StepRows? rows;

    /// <summary>The steps whose rows are wanted, whole lines in order: no others are read from the disk.</summary>
    internal IEnumerable<StepTelemetry> StepsWhere(Func<StepRow, bool> wanted) =>
        Steps is StoredSteps stored ? stored.Read(Rows.Where(wanted)) : Steps.Where((_, i) => wanted(Rows[i]));

    /// <summary>The evaluations after an epoch, in order.</summary>
    internal IEnumerable<UtteranceEvaluation> EvaluationsOf(int epoch) =>
        Evaluations is EvaluationRows stored ? stored.Of(epoch) : Evaluations.Where(e => e.Epoch == epoch);

    /// <summary>The epochs after which a part of the corpus was evaluated, in order; 0 is before training.</summary>
    internal IReadOnlyList<int> EpochsEvaluated(string split) =>
        [.. Evaluations.Where(e => e.Split == split).Select(e => e.Epoch).Distinct().Order()];

    /// <summary>Reads a run folder.</summary>
    /// <exception cref="RunFolderException">There is no run, or it cannot be read.</exception>
    public static RunRecord Load(string path, IRunStorage? storage = null) =>
        LoadWithin(path, storage ?? DiskStorage.Instance, StepRows.MostInMemory);

    /// <summary>Reads a run folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="storage">File events.</param>
    /// <param name="rowsInMemory">Bytes of steps' rows that are kept in memory: fewer where more than one record is read.</param>
    internal static RunRecord LoadWithin(string path, IRunStorage storage, long rowsInMemory) =>
        Load(path, storage, rowsInMemory, whole: true);

    /// <summary>Reads what a run folder says of the run and its epochs, without steps and evaluations and what they tell: quick however
    /// long the record is.</summary>
    /// <exception cref="RunFolderException">There is no run, or it cannot be read.</exception>
    internal static RunRecord LoadEpochs(string path) => Load(path, DiskStorage.Instance, StepRows.MostInMemory, whole: false);

    private static RunRecord Load(string path, IRunStorage storage, long rowsInMemory, bool whole)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new RunFolderException(
                "The name of a run folder is empty. Give the folder that was --out of a training.",
                path ?? "",
                RunFolderException.BadUsage
            );

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return StorageGuard.Run("read the run in", root, () => Read(root, storage, rowsInMemory, whole));
    }

    private static RunRecord Read(string root, IRunStorage storage, long rowsInMemory, bool whole)
    {
        if (!storage.FileExists(Path.Combine(root, RunFolder.InfoName)))
            throw new RunFolderException(
                $"There is no run in '{root}': it has no {RunFolder.InfoName}. Give the folder that was --out of a training.",
                root,
                RunFolderException.BadUsage
            );

        var problems = new List<string>();
        var info = RunFolder.ReadInfo(storage, root);
        if (info.Status == RunStatus.Running && !RunLock.IsTaken(root))
            info = info with { Status = RunStatus.Interrupted, Why = "its process is gone" };

        var config = ReadConfig(storage, root, info, problems);
        // An epoch's line is written after its steps and its evaluation: read first, it lacks neither while the run goes on.
        var epochs = Lines(RunFolder.EpochsName, JsonLines.Read<EpochTelemetry>, out var unreadEpochs);
        if (!whole)
            return new RunRecord
            {
                Root = root,
                Info = info,
                Config = config,
                Epochs = epochs,
                UnreadEpochs = unreadEpochs,
                Problems = problems,
            };

        var evaluations = Lines(RunFolder.EvaluationsName, RowReader.Evaluations, out var unreadEvaluations);
        var steps = Lines(RunFolder.StepsName, (s, p, told) => RowReader.Steps(s, p, told, rowsInMemory), out var unreadSteps);
        var record = new RunRecord
        {
            Root = root,
            Info = info,
            Config = config,
            Steps = Whole(storage, Path.Combine(root, RunFolder.StepsName), steps),
            rows = steps,
            Epochs = epochs,
            Evaluations = evaluations,
            UnreadSteps = unreadSteps,
            UnreadEpochs = unreadEpochs,
            UnreadEvaluations = unreadEvaluations,
            Oracles = JsonLines.Read<ReconstructionCheck>(storage, Path.Combine(root, RunFolder.OraclesName), problems),
            Audit = ReadAudit(storage, Path.Combine(root, RunFolder.AuditName), problems),
            Performance = RunPerformance.Read(storage, Path.Combine(root, RunPerformance.FileName), problems),
            Problems = problems,
        };
        return RecordDamage.Told(record, Path.Combine(root, RunFolder.StepsName), Path.Combine(root, RunFolder.EpochsName));

        T Lines<T>(string name, Func<IRunStorage, string, List<string>, T> read, out int unread)
        {
            var before = problems.Count;
            var lines = read(storage, Path.Combine(root, name), problems);
            unread = problems.Count - before;
            return lines;
        }
    }

    private static RunConfig? ReadConfig(IRunStorage storage, string root, RunInfo info, List<string> problems)
    {
        try
        {
            return RunFolder.ReadConfig(storage, root);
        }
        catch (RunFolderException) when (info.Import is not null && !storage.FileExists(Path.Combine(root, RunFolder.ConfigName)))
        {
            // Another trainer's settings are not ours; what was imported says so itself.
        }
        catch (RunFolderException e)
        {
            problems.Add(e.Message);
        }
        return null;
    }

    private static IReadOnlyList<StepTelemetry> Whole(IRunStorage storage, string path, StepRows rows) =>
        RecordFile.Find(storage, path) is { } found ? new StoredSteps(storage, found, rows) : [];

    private static AuditReport? ReadAudit(IRunStorage storage, string path, List<string> problems)
    {
        if (!storage.FileExists(path))
            return null;

        try
        {
            var text = storage.Read(path);
            RunJson.RefuseNullInLists(text);
            return JsonSerializer.Deserialize<AuditReport>(text, RunJson.Document);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problems.Add(
                $"'{path}' is not the audit of a corpus and was left out ({e.Message.Split('\n')[0].Trim()}). Remove it: diagnose makes a "
                    + $"new one."
            );
            return null;
        }
    }
}
