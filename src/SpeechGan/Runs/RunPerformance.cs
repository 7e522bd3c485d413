using System.Text.Json;

namespace SpeechGan.Runs;

/// <summary>What one training step cost, and what the fixed calibration loop cost beside it.</summary>
public sealed record StepCost
{
    /// <summary>Step of the run, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Wall time of the step, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processor time of all threads of the process over the step, seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Processor time of the calibration loop, the mean of the one before the step and the one after it, seconds.</summary>
    public required double LoopSeconds { get; init; }
}

/// <summary>What a training cost its machine: <c>performance.json</c> of a run folder. It decides nothing about the run; goldens hold it
/// against their own figures.</summary>
public sealed record RunPerformance
{
    /// <summary>Name of the file in the run folder.</summary>
    public const string FileName = "performance.json";

    /// <summary>Steps in order.</summary>
    public required IReadOnlyList<StepCost> Steps { get; init; }

    /// <summary>Largest resident memory from the making of the networks to the end of the training, less what was resident before, bytes;
    /// absent with a reason.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>Why a value is absent.</summary>
    public IReadOnlyDictionary<string, string> Unavailable
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.None;

    /// <summary>Reads the file of a run folder.</summary>
    /// <param name="storage">File events.</param>
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="problems">A file that cannot be understood is told there, and left out.</param>
    internal static RunPerformance? Read(IRunStorage storage, string path, List<string> problems)
    {
        if (!storage.FileExists(path))
            return null;

        try
        {
            var text = storage.Read(path);
            RunJson.RefuseNullInLists(text);
            return JsonSerializer.Deserialize<RunPerformance>(text, RunJson.Document);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problems.Add(
                $"'{path}' does not hold what a training cost and was left out ({e.Message.Split('\n')[0].Trim()}). Remove it: nothing "
                    + $"else of the run depends on it."
            );
            return null;
        }
    }

    /// <summary>Writes the file into a run folder.</summary>
    /// <param name="root">The run folder.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Save(string root, IRunStorage? storage = null)
    {
        StorageGuard.Run($"write {FileName} into", root, () =>
            (storage ?? DiskStorage.Instance).Publish(Path.Combine(root, FileName), JsonSerializer.Serialize(this, RunJson.Document) + "\n")
        );
    }
}
