using SpeechGan.Runs.Rows;

namespace SpeechGan.Runs;

// The records of a run: lines that are added, flushed before a checkpoint, and cut back to where it stood.
public sealed partial class RunFolder
{
    /// <summary>Adds a line to <c>steps.jsonl</c>.</summary>
    /// <exception cref="ArgumentException">The record contradicts itself or holds NaN.</exception>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Append(StepTelemetry step)
    {
        TelemetryRules.Check(step);
        Append(StepsName, [step]);
    }

    /// <summary>Adds a line to <c>epochs.jsonl</c>.</summary>
    /// <exception cref="ArgumentException">The record contradicts itself or holds NaN.</exception>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Append(EpochTelemetry epoch)
    {
        TelemetryRules.Check(epoch);
        Append(EpochsName, [epoch]);
    }

    /// <summary>Adds a line per utterance to <c>evaluations.jsonl</c>.</summary>
    /// <exception cref="ArgumentException">A record holds NaN.</exception>
    /// <exception cref="RunFolderException">They cannot be written.</exception>
    public void Append(IReadOnlyList<UtteranceEvaluation> evaluations) => Append(EvaluationsName, evaluations);

    /// <summary>Adds a line per check to <c>oracles.jsonl</c>.</summary>
    /// <exception cref="ArgumentException">A record holds NaN.</exception>
    /// <exception cref="RunFolderException">They cannot be written.</exception>
    public void Append(IReadOnlyList<ReconstructionCheck> checks) => Append(OraclesName, checks);

    /// <summary>The steps of one epoch that are recorded so far: where a checkpoint lies inside an epoch, its summary needs them after
    /// resuming.</summary>
    /// <exception cref="RunFolderException">They cannot be read.</exception>
    public IReadOnlyList<StepTelemetry> StepsOf(int epoch) => StorageGuard.Run("read", Root, () =>
        {
            var problems = new List<string>();
            var path = Path.Combine(Root, StepsName);
            var rows = RowReader.Steps(storage, path, problems);
            if (problems.Count > 0)
                throw new RunFolderException(problems[0], Root, RunFolderException.BadUsage);
            if (rows.Count == 0)
                return (IReadOnlyList<StepTelemetry>)[];
            return [.. new StoredSteps(storage, path, rows).Read(rows.Of(epoch))];
        });

    /// <summary>Has all records on the disk and tells how far they reach: call it just before a checkpoint and keep it in the checkpoint's
    /// state.</summary>
    /// <exception cref="RunFolderException">They cannot be flushed.</exception>
    public RunPositions MarkPositions() => StorageGuard.Run("flush the records of", Root, () => new RunPositions
            {
                Steps = Flushed(StepsName),
                Epochs = Flushed(EpochsName),
                Evaluations = Flushed(EvaluationsName),
                Oracles = Flushed(OraclesName),
            });

    /// <summary>Cuts all records back to where a checkpoint stood, so that the resumed run's files equal an uninterrupted one's line for
    /// line.</summary>
    /// <exception cref="RunFolderException">A file is shorter than the checkpoint says, or cannot be written.</exception>
    public void RewindTo(RunPositions positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        StorageGuard.Run("rewind the records of", Root, () =>
        {
            Rewind(StepsName, positions.Steps);
            Rewind(EpochsName, positions.Epochs);
            Rewind(EvaluationsName, positions.Evaluations);
            Rewind(OraclesName, positions.Oracles);
        });
    }

    private void Append<T>(string name, IReadOnlyList<T> records)
    {
        var bytes = JsonLines.Encode(records);
        if (bytes.Length > 0)
        {
            var path = Path.Combine(Root, name);
            StorageGuard.Run("write", path, () =>
            {
                var before = storage.FileExists(path) ? storage.Length(path) : 0;
                try
                {
                    storage.Append(path, bytes);
                }
                catch (Exception e) when (RunFolderException.IsStorage(e))
                {
                    TakeBack(path, before);
                    throw;
                }
            });
        }
    }

    // A part of a line may be there: the next line must not be glued to it.
    private void TakeBack(string path, long length)
    {
        try
        {
            if (storage.FileExists(path) && storage.Length(path) > length)
                storage.Truncate(path, length);
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            // The first failure is the one to tell; resuming removes torn lines.
        }
    }

    private long Flushed(string name)
    {
        var path = Path.Combine(Root, name);
        if (!storage.FileExists(path))
            return 0;

        storage.Sync(path);
        return storage.Length(path);
    }

    private void Rewind(string name, long length)
    {
        var path = Path.Combine(Root, name);
        var found = storage.FileExists(path) ? storage.Length(path) : 0;
        if (found < length)
            throw new RunFolderException(
                $"'{path}' has {found} bytes, but the checkpoint was made when it had {length}: records are missing. Restore the file, "
                    + $"or resume from an older checkpoint.",
                path,
                RunFolderException.BadUsage
            );

        if (found > length)
            storage.Truncate(path, length);
    }
}
