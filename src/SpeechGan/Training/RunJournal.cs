using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>
/// A run's record while it trains, on rank 0: what is measured goes to the disk and to the theories that watch, in one call. Closed by
/// its owner, who opened the folder.
/// </summary>
/// <param name="folder">The run's open folder.</param>
/// <param name="progress">Told of each grave cause once it is confirmed.</param>
internal sealed class RunJournal(RunFolder folder, ITrainingProgress progress)
{
    private readonly DiskWatch disk = new(folder.Root, () => DiskUse.Free(folder.Root));
    private RunWatch? begun;
    private DiskUse? use;

    /// <summary>The folder itself.</summary>
    public RunFolder Folder => folder;

    /// <summary>Its checkpoints. The store knows which of them this process made.</summary>
    public CheckpointStore Checkpoints { get; } = folder.Checkpoints;

    private RunWatch Watch => begun ?? throw new InvalidOperationException("The journal is used before it was begun.");

    /// <summary>Begins with what is recorded already.</summary>
    /// <param name="step">Steps taken so far.</param>
    /// <returns>The last of them; null before the first.</returns>
    public StepTelemetry? Begin(long step)
    {
        var record = RunRecord.Load(folder.Root);
        begun = new RunWatch(record);
        return record.StepsWhere(s => s.Step == step).LastOrDefault();
    }

    /// <summary>Says how much of the disk the rest of the run takes.</summary>
    public void Announce(DiskUse use)
    {
        this.use = use;
        progress.Note(use.Sentence(DiskUse.Free(folder.Root)));
    }

    /// <summary>Before a checkpoint: says where the disk is nearly full.</summary>
    public void WatchDisk()
    {
        if (disk.BeforeCheckpoint(use?.Checkpoint ?? 0) is { } nearlyFull)
            progress.Note(nearlyFull);
    }

    /// <summary>The audit of the corpus: kept from before where nothing has changed.</summary>
    /// <param name="corpus">The run's corpus.</param>
    /// <param name="workers">Pairs that are read at once.</param>
    /// <param name="stop">Ends it; the run stops where it would stop.</param>
    public void Audit(PairedCorpus corpus, int workers, CancellationToken stop)
    {
        (Watch.Audit, var note) = StartAudit.Of(folder, Watch.Audit, corpus.Root, workers, stop);
        if (note is not null)
            progress.Note(note);
    }

    /// <summary>A step was taken. The theories see it at the end of its epoch.</summary>
    public void Append(StepTelemetry step) => folder.Append(step);

    /// <summary>Utterances were evaluated.</summary>
    public void Append(IReadOnlyList<UtteranceEvaluation> evaluations)
    {
        folder.Append(evaluations);
        Watch.Add(evaluations);
    }

    /// <summary>Reconstruction checks were made.</summary>
    public void Append(IReadOnlyList<ReconstructionCheck> checks)
    {
        folder.Append(checks);
        Watch.Add(checks);
    }

    /// <summary>An epoch is over.</summary>
    /// <param name="epoch">Its line.</param>
    /// <param name="steps">All of its steps.</param>
    public void Append(EpochTelemetry epoch, IReadOnlyList<StepTelemetry> steps)
    {
        folder.Append(epoch);
        Watch.Add(epoch, steps);
    }

    /// <summary>Judges what is recorded so far, publishes the verdict, and tells each grave cause that was not confirmed before.</summary>
    public Verdict Diagnose()
    {
        var (verdict, found) = Watch.Judge(folder.Info);
        folder.Publish(Verdict.FileName, verdict.ToJson());
        foreach (var finding in found.Where(f => f.Severity == Severity.Grave))
            progress.Note($"Confirmed: {finding.Id}. {finding.Sentence} {finding.NextAction}");
        return verdict;
    }

    /// <summary>Publishes the verdict of a run that ends within an epoch, whose steps are on the disk alone.</summary>
    public void DiagnoseEnd() =>
        folder.Publish(Verdict.FileName, new RunWatch(RunRecord.Load(folder.Root)).Judge(folder.Info).Verdict.ToJson());
}
