using System.Globalization;

namespace SpeechGan.Runs;

/// <summary>What a training will take on the disk, and whether it is there.</summary>
/// <param name="Checkpoint">Bytes of a checkpoint.</param>
/// <param name="Kept">Checkpoints that are kept at most.</param>
/// <param name="Record">Bytes that the record will grow by.</param>
public sealed record DiskUse(long Checkpoint, int Kept, long Record)
{
    // Measured on runs of this program (steps.jsonl, evaluations.jsonl, TensorBoard's events): rounded up.
    private const int StepBytes = 900,
        SampleBytes = 250,
        UtteranceBytes = 600;
    private const double Mebi = 1 << 20;

    /// <summary>Bytes in the end; one checkpoint more, since a new one is whole before an old one goes.</summary>
    public long Total => ((Kept + 1L) * Checkpoint) + Record;

    /// <summary>The use of a configuration.</summary>
    /// <param name="config">The run's configuration.</param>
    /// <param name="checkpoint">Bytes of a checkpoint.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="utterances">Utterances that are evaluated after an epoch.</param>
    /// <param name="done">Epochs that are done already.</param>
    public static DiskUse Of(RunConfig config, long checkpoint, int stepsPerEpoch, int utterances, int done = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        var left = Math.Max(0, config.Train.Epochs - done);
        var made =
            (long)left
            * (config.Checkpoint.EverySteps > 0 ? 1 + (stepsPerEpoch / config.Checkpoint.EverySteps) : 1)
            / (config.Checkpoint.EverySteps > 0 ? 1 : config.Checkpoint.EveryEpochs);
        var forGood = config.Checkpoint.KeepEveryEpochs > 0 ? config.Train.Epochs / config.Checkpoint.KeepEveryEpochs : 0;
        var kept = Math.Min(Math.Max(1, made) + 1, config.Checkpoint.Keep + 1L + forGood); // the best one beside the newest
        var record =
            ((long)left * stepsPerEpoch * (StepBytes + ((long)SampleBytes * config.Data.BatchSize)))
            + ((long)left / config.Evaluation.EveryEpochs * utterances * UtteranceBytes);
        return new DiskUse(checkpoint, (int)Math.Min(int.MaxValue, kept), record);
    }

    /// <summary>The use in a sentence.</summary>
    /// <param name="free">Free bytes; null where the file system does not tell.</param>
    public string Sentence(long? free) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Disk: the run will take about {Size(Total)} (a checkpoint {Size(Checkpoint)}, {Kept} kept at most; the record "
                + $"{Size(Record)}); {(free is { } f ? $"{Size(f)} are free" : "how much is free is not known")}."
        );

    /// <summary>Why a training cannot be begun; null where it can, or where nobody knows.</summary>
    /// <param name="free">Free bytes; null where the file system does not tell.</param>
    /// <param name="folder">Where it is to be.</param>
    public string? Refusal(long? free, string folder) =>
        free < Total
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The disk of '{folder}' has {Size(free.Value)} free, and the run will take about {Size(Total)} (a checkpoint "
                    + $"{Size(Checkpoint)}, {Kept} kept at most; the record {Size(Record)}). Free some space, keep fewer checkpoints "
                    + $"(checkpoint.keep, checkpoint.keepEveryEpochs), choose another disk with --out, or start anyway with "
                    + $"--no-disk-check."
            )
            : null;

    /// <summary>A size as people write it.</summary>
    internal static string Size(long bytes) =>
        bytes >= 1L << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (Mebi * 1024):F1} GiB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebi:F1} MiB");

    /// <summary>Free bytes where a folder is, or is to be; null where the file system does not tell.</summary>
    public static long? Free(string folder)
    {
        try
        {
            var path = Path.GetFullPath(folder);
            while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
                path = parent;

            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception e) when (RunFolderException.IsStorage(e) || e is ArgumentException)
        {
            return null;
        }
    }
}
