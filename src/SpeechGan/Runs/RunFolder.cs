using System.Globalization;
using System.Text.Json;
using SpeechGan.Configuration;

namespace SpeechGan.Runs;

/// <summary>
/// The folder of one run, open for writing and locked against other processes. What is written here survives the death of the
/// process at any instant; reading a whole run for diagnosis is <see cref="RunRecord.Load(string, IRunStorage?)"/>.
/// </summary>
public sealed partial class RunFolder : IDisposable
{
    internal const string InfoName = "run.json";
    internal const string ConfigName = "config.json";
    internal const string StepsName = "steps.jsonl";
    internal const string EpochsName = "epochs.jsonl";
    internal const string EvaluationsName = "evaluations.jsonl";
    internal const string OraclesName = "oracles.jsonl";
    internal const string CheckpointsName = "checkpoints";
    internal const string AuditName = "audit.json";
    internal const string VerdictName = "verdict.json";

    private static readonly string[] RecordNames = [StepsName, EpochsName, EvaluationsName, OraclesName];

    private readonly IRunStorage storage;
    private readonly TimeProvider clock;
    private readonly RunLock held;

    private RunFolder(string path, RunConfig config, RunInfo info, IRunStorage storage, TimeProvider clock, RunLock held)
    {
        (Root, Config, Info, this.storage, this.clock, this.held) = (path, config, info, storage, clock, held);
    }

    /// <summary>Full path of the folder.</summary>
    public string Root { get; }

    /// <summary>Resolved configuration, as in <c>config.json</c>.</summary>
    public RunConfig Config { get; }

    /// <summary>Contents of <c>run.json</c>.</summary>
    public RunInfo Info { get; private set; }

    /// <summary>Checkpoints of the run, kept as <c>checkpoint.keep</c> says.</summary>
    public CheckpointStore Checkpoints =>
        new(Path.Combine(Root, CheckpointsName), Config.Checkpoint.Keep, storage)
        {
            KeepEveryEpochs = Config.Checkpoint.KeepEveryEpochs,
            AlsoKept = () => ProbedCheckpoints.Of(storage, Root),
        };

    /// <summary>Whether a run lies in this folder.</summary>
    public static bool HoldsRun(string path) => File.Exists(Path.Combine(path, InfoName));

    /// <summary>Creates a run: folder, lock, <c>config.json</c>, and <c>run.json</c> last.</summary>
    /// <param name="path">Folder; its parent must exist. It may exist if it is empty.</param>
    /// <param name="config">Resolved configuration.</param>
    /// <param name="start">Identity and surroundings.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <param name="clock">Clock; null: the system's.</param>
    /// <exception cref="RunFolderException">A run lies there already, another process holds it, or the place cannot be written.</exception>
    public static RunFolder Create(string path, RunConfig config, RunStart start, IRunStorage? storage = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(start);
        storage ??= DiskStorage.Instance;
        clock ??= TimeProvider.System;
        var root = FullPath(path);
        return StorageGuard.Run("create the run folder", root, () =>
        {
            MakePlace(storage, root);
            var held = RunLock.Take(root);
            try
            {
                RefuseUsed(storage, root, "Continue it with --resume, or choose another folder with --out");
                if (!storage.FolderExists(Path.Combine(root, CheckpointsName)))
                    storage.CreateFolder(Path.Combine(root, CheckpointsName));

                var now = clock.GetUtcNow();
                var info = new RunInfo
                {
                    Id = start.Id ?? NewId(now),
                    Status = RunStatus.Running,
                    Started = now,
                    Versions = start.Versions,
                    Host = start.Host,
                    GitCommit = start.GitCommit,
                    Command = start.Command,
                    Processes = start.Processes,
                    Data = start.Data,
                    Seed = config.Seed,
                };
                storage.Publish(Path.Combine(root, ConfigName), config.ToJson());
                var folder = new RunFolder(root, config, info, storage, clock, held);
                folder.WriteInfo(info); // last: a folder without run.json is not a run yet, and may be created again
                return folder;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens a run to continue it: lock, torn last lines and leftovers removed, status running. The configuration is the run's
    /// own.</summary>
    /// <param name="path">Folder of the run.</param>
    /// <param name="start">Surroundings of this process; the identity stays.</param>
    /// <param name="overrides"><c>key=value</c> texts; only knobs that change how long or how fast it trains may change.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <param name="clock">Clock; null: the system's.</param>
    /// <exception cref="RunFolderException">There is no run, another process holds it, it cannot be read or written, or another knob is to
    /// change.</exception>
    /// <exception cref="ConfigException">An override is not valid.</exception>
    public static RunFolder Resume(
        string path,
        RunStart start,
        IEnumerable<string>? overrides = null,
        IRunStorage? storage = null,
        TimeProvider? clock = null
    )
    {
        ArgumentNullException.ThrowIfNull(start);
        storage ??= DiskStorage.Instance;
        clock ??= TimeProvider.System;
        var root = FullPath(path);
        return StorageGuard.Run("resume the run in", root, () =>
        {
            if (!storage.FileExists(Path.Combine(root, InfoName)))
                throw new RunFolderException(
                    $"There is no run to resume in '{root}': it has no {InfoName}. Start it without --resume, or correct --out.",
                    root,
                    RunFolderException.BadUsage
                );

            var held = RunLock.Take(root);
            try
            {
                return Reopened(root, start, overrides, storage, clock, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        });
    }

    private static RunFolder Reopened(
        string root,
        RunStart start,
        IEnumerable<string>? overrides,
        IRunStorage storage,
        TimeProvider clock,
        RunLock held
    )
    {
        var old = ReadInfo(storage, root);
        if (old.Import is { } foreign)
            throw new RunFolderException(
                $"The run in '{root}' was imported from {foreign.Writer} and cannot be resumed: it has no checkpoint of this "
                    + $"program. Train a new run in another folder.",
                root,
                RunFolderException.BadUsage
            );

        var stored = ReadConfig(storage, root);
        var config = overrides is null ? stored : stored.With(overrides);
        RefuseChanges(root, stored, config);
        RefuseOtherProcesses(root, old.Processes, start.Processes);
        if (config != stored)
            storage.Publish(Path.Combine(root, ConfigName), config.ToJson());

        var folder = new RunFolder(root, config, old, storage, clock, held);
        RecordCompression.Restore(storage, root);
        foreach (var name in RecordNames)
        {
            var record = Path.Combine(root, name);
            if (storage.FileExists(record) && JsonLines.WholeLength(storage, record) is var whole && whole < storage.Length(record))
                storage.Truncate(record, whole);
        }

        if (!storage.FolderExists(folder.Checkpoints.Folder))
            storage.CreateFolder(folder.Checkpoints.Folder);

        folder.Checkpoints.CleanUp();
        folder.WriteInfo(
            old with
            {
                Status = RunStatus.Running,
                Why = null,
                Ended = null,
                Resumed = [.. old.Resumed, clock.GetUtcNow()],
                Versions = start.Versions,
                Host = start.Host,
                GitCommit = start.GitCommit ?? old.GitCommit,
                Data = start.Data ?? old.Data,
            }
        );
        return folder;
    }

    /// <summary>All epochs are done.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Complete() => End(RunStatus.Completed, null);

    /// <summary>Stopped on request; can be resumed.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Interrupt(string why) => End(RunStatus.Interrupted, why);

    /// <summary>Ended by an error.</summary>
    /// <exception cref="RunFolderException">It cannot be written (readers then see an interrupted run).</exception>
    public void Fail(string why) => End(RunStatus.Failed, why);

    /// <summary>Tells of a loss or gradient that was not finite; the run is not ended by this.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Note(NonFiniteValue found) => StorageGuard.Run("write", Path.Combine(Root, InfoName), () =>
        {
            WriteInfo(Info with { NonFinite = found });
        });

    /// <summary>Tells where the run was resumed and what it held then.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Note(Resumption resumption) => StorageGuard.Run("write", Path.Combine(Root, InfoName), () =>
        {
            WriteInfo(Info with { Resumptions = [.. Info.Resumptions, resumption] });
        });

    /// <summary>Tells what the self-test of kernels found at this start.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Note(KernelRecord kernels) => StorageGuard.Run("write", Path.Combine(Root, InfoName), () =>
        {
            WriteInfo(Info with { Kernels = [.. Info.Kernels, kernels] });
        });

    /// <summary>Publishes a further file of the run, <c>report.html</c> for example.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Publish(string name, string text) => StorageGuard.Run("write", Path.Combine(Root, name), () =>
        {
            storage.Publish(Path.Combine(Root, name), text);
        });

    /// <summary>Gives the folder free. A run that is neither completed nor failed by then counts as interrupted.</summary>
    public void Dispose()
    {
        try
        {
            if (Info.Status == RunStatus.Running)
                End(RunStatus.Interrupted, "the process left before the last epoch");
        }
        catch (RunFolderException)
        {
            // Nothing is lost: a run whose status says "running" without a process that holds its lock reads as interrupted.
        }
        finally
        {
            held.Dispose();
        }
    }

    internal static RunInfo ReadInfo(IRunStorage storage, string root)
    {
        var path = Path.Combine(root, InfoName);
        try
        {
            var text = storage.Read(path);
            RunJson.RefuseNullInLists(text);
            return JsonSerializer.Deserialize<RunInfo>(text, RunJson.Document) ?? throw new JsonException("it holds null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RunFolderException(
                $"'{path}' is not a run record: {e.Message.Split('\n')[0].Trim().TrimEnd('.')}. Restore it, or start a new run in "
                    + $"another folder.",
                path,
                RunFolderException.BadUsage,
                e
            );
        }
    }

    internal static RunConfig ReadConfig(IRunStorage storage, string root)
    {
        var path = Path.Combine(root, ConfigName);
        if (!storage.FileExists(path))
            throw new RunFolderException(
                $"The run in '{root}' has no {ConfigName}. Restore it, or start a new run in another folder.",
                path,
                RunFolderException.BadUsage
            );

        try
        {
            return RunConfig.Parse(System.Text.Encoding.UTF8.GetString(storage.Read(path)), path);
        }
        catch (ConfigException e)
        {
            throw new RunFolderException(e.Message, path, RunFolderException.BadUsage, e);
        }
    }

    private static string NewId(DateTimeOffset now) =>
        now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + Guid.NewGuid().ToString("N")[..6];

    private void End(RunStatus status, string? why) => StorageGuard.Run("write", Path.Combine(Root, InfoName), () =>
        {
            WriteInfo(Info with { Status = status, Why = why, Ended = clock.GetUtcNow() });
        });

    private void WriteInfo(RunInfo info)
    {
        storage.Publish(Path.Combine(Root, InfoName), JsonSerializer.Serialize(info, RunJson.Document) + "\n");
        Info = info;
    }
}
