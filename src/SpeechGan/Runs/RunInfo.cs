namespace SpeechGan.Runs;

/// <summary>Life of a run.</summary>
public enum RunStatus
{
    /// <summary>A process works on it; where that process is gone it was interrupted.</summary>
    Running,

    /// <summary>Stopped before its last epoch; can be resumed.</summary>
    Interrupted,

    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>Ended by an error, which is told in <see cref="RunInfo.Why"/>.</summary>
    Failed,

    /// <summary>Read from another trainer's record, which does not say whether the training is over.</summary>
    Imported,
}

/// <summary>What is known of a run when it starts.</summary>
public sealed record RunStart
{
    /// <summary>Identity; null: made from the start time and a random part.</summary>
    public string? Id { get; init; }

    /// <summary>Machine and libraries.</summary>
    public required HostFingerprint Host { get; init; }

    /// <summary>Versions by name, for example <c>speechgan</c>, <c>pesq</c>.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = Absence.None;

    /// <summary>Commit of the source; null where it is not known.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Command that started it; null where there is none.</summary>
    public string? Command { get; init; }

    /// <summary>Processes that train it together.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Folder of its corpus; null where it is not known.</summary>
    public string? Data { get; init; }
}

/// <summary>A loss or a gradient that was not finite. The step was not taken, so that no line of <c>steps.jsonl</c> tells of it.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Step">Step of the run, from 1.</param>
/// <param name="Sentence">What was not finite, of which batch.</param>
public sealed record NonFiniteValue(int Epoch, long Step, string Sentence)
{
    /// <summary>The field that was not finite, for example <c>discriminatorLoss</c>; null where it is not recorded.</summary>
    public string? Field { get; init; }
}

/// <summary>Where a run was resumed, and what it held then.</summary>
public sealed record Resumption
{
    /// <summary>Epochs completed.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps taken of the epoch after it.</summary>
    public required int StepInEpoch { get; init; }

    /// <summary>Steps taken in the run.</summary>
    public required long Step { get; init; }

    /// <summary>The best epoch so far, as it was restored.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Mean validation PESQ of that epoch, as it was restored.</summary>
    public double? BestPesq { get; init; }

    /// <summary>SHA-256 over all parameters and buffers, as they were restored.</summary>
    public string? ParameterDigest { get; init; }

    /// <summary>Parts of the checkpoint that, written out again right after they were read, are not the same bytes.</summary>
    public IReadOnlyList<string> PartsThatDiffer { get; init; } = [];
}

/// <summary><c>run.json</c>: identity, status and surroundings of a run.</summary>
public sealed record RunInfo
{
    /// <summary>Identity.</summary>
    public required string Id { get; init; }

    /// <summary>Status as last written.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Why it failed or was interrupted.</summary>
    public string? Why { get; init; }

    /// <summary>First start, UTC; absent where an imported record does not tell it.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>End, UTC; absent while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Times at which it was resumed, UTC.</summary>
    public IReadOnlyList<DateTimeOffset> Resumed { get; init; } = [];

    /// <summary>Where it was resumed and what it held then; empty in older records.</summary>
    public IReadOnlyList<Resumption> Resumptions { get; init; } = [];

    /// <summary>The loss or gradient that was not finite and ended the run, or an earlier part of it; absent where there was
    /// none.</summary>
    public NonFiniteValue? NonFinite { get; init; }

    /// <summary>Folder of its corpus, full path; absent where it is not known.</summary>
    public string? Data { get; init; }

    /// <summary>Versions by name.</summary>
    public IReadOnlyDictionary<string, string> Versions
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.None;

    /// <summary>Machine and libraries of the last start.</summary>
    public HostFingerprint? Host { get; init; }

    /// <summary>What the self-test of kernels found at each start; empty in older records.</summary>
    public IReadOnlyList<KernelRecord> Kernels { get; init; } = [];

    /// <summary>Commit of the source.</summary>
    public string? GitCommit { get; init; }

    /// <summary>Command that started it.</summary>
    public string? Command { get; init; }

    /// <summary>Processes that train it together: it can only be continued with as many, since they decide the batches and the order of
    /// sums.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Seed, as in the configuration; absent in an imported run.</summary>
    public long? Seed { get; init; }

    /// <summary>The foreign record that this run was imported from; absent in a run of this program.</summary>
    public ImportedFrom? Import { get; init; }
}

/// <summary>How far each record file is written, in bytes: part of a checkpoint's state, so that resuming continues the files where it
/// stood.</summary>
public sealed record RunPositions
{
    /// <summary>Nothing written yet.</summary>
    public static RunPositions Start { get; } = new();

    /// <summary>Bytes of <c>steps.jsonl</c>.</summary>
    public long Steps { get; init; }

    /// <summary>Bytes of <c>epochs.jsonl</c>.</summary>
    public long Epochs { get; init; }

    /// <summary>Bytes of <c>evaluations.jsonl</c>.</summary>
    public long Evaluations { get; init; }

    /// <summary>Bytes of <c>oracles.jsonl</c>.</summary>
    public long Oracles { get; init; }
}
