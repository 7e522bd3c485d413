using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>The part of a training that is replayed: from a checkpoint at an epoch's end, so many epochs.</summary>
/// <param name="Start">The checkpoint.</param>
/// <param name="Epochs">Epochs after it.</param>
internal sealed record ProbeWindow(Checkpoint Start, int Epochs)
{
    /// <summary>First epoch that is trained.</summary>
    public int First => Start.Name.Epoch + 1;

    /// <summary>Last epoch that is trained.</summary>
    public int Last => Start.Name.Epoch + Epochs;

    /// <summary>The window in words.</summary>
    /// <param name="seeds">Seeds it is replayed with.</param>
    public string InWords(int seeds) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"epoch{(Epochs == 1 ? $" {Last}" : $"s {First} to {Last}")} from checkpoint {Start.Name}, {seeds} "
                + $"seed{(seeds == 1 ? "" : "s")}"
        );

    /// <summary>
    /// Chooses it: the checkpoint that is named; else the best one, where training went on from it; else the oldest that was kept, so that
    /// what the run did after it can be done again.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="from">Name of a checkpoint; null: chosen.</param>
    /// <param name="epochs">Most epochs to replay.</param>
    /// <exception cref="UsageException">The run has no checkpoint to begin with.</exception>
    public static ProbeWindow Choose(RunRecord run, string? from, int epochs)
    {
        var store = new CheckpointStore(Path.Combine(run.Root, RunFolder.CheckpointsName));
        var names = store.Names.Where(n => n.Step is null).ToList();
        if (names.Count == 0)
            throw new UsageException(
                $"The run in '{run.Root}' has no checkpoint of a whole epoch: there is nothing to replay from. Train it for an epoch, "
                    + $"or diagnose it without --probe."
            );
        var last = run.Epochs.Count == 0 ? names[^1].Epoch : run.Epochs[^1].Epoch;
        CheckpointName name;
        if (from is not null)
            name = names.FirstOrDefault(n => n.ToString() == from)
                ?? throw new UsageException(
                    $"The run in '{run.Root}' has no checkpoint '{from}' of a whole epoch; it has {string.Join(", ", names)}."
                );
        else
            name = names.FirstOrDefault(n => n == store.FindBest().Found?.Name && n.Epoch < last) ?? names[0];
        return new ProbeWindow(
            CheckpointStore.Read(Path.Combine(store.Folder, name.ToString())),
            Math.Max(1, Math.Min(epochs, last - name.Epoch))
        );
    }

    /// <summary>The configuration of a replay: the run's own, but evaluated comparably and without further checkpoints.</summary>
    /// <param name="config">The run's.</param>
    /// <param name="seed">Seed of order, cuts and dropout.</param>
    /// <param name="knobs">What is changed.</param>
    public RunConfig Config(RunConfig config, long seed, IReadOnlyList<string> knobs) =>
        config.With([
            "evaluation.cut=center",
            "evaluation.everyEpochs=1",
            "checkpoint.everySteps=0",
            "checkpoint.everyEpochs=1000000",
            "train.initGenerator=",
            "train.initDiscriminator=",
            string.Create(CultureInfo.InvariantCulture, $"train.epochs={Last}"),
            string.Create(CultureInfo.InvariantCulture, $"seed={seed}"),
            .. knobs,
        ]);
}
