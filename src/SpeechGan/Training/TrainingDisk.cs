using SpeechGan.Data;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using static TorchSharp.torch.nn;

namespace SpeechGan.Training;

/// <summary>How much of the disk a training takes, from its networks and its corpus.</summary>
internal static class TrainingDisk
{
    // A parameter with AdamW's two moments; a buffer once.
    private const int Moments = 2;
    private const long Overhead = 1 << 16; // names, state, configuration, manifest

    /// <summary>The use of networks that are there.</summary>
    /// <param name="networks">The run's networks.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="utterances">Utterances that are evaluated after an epoch.</param>
    /// <param name="done">Epochs that are done already.</param>
    public static DiskUse Of(Networks networks, RunConfig config, int stepsPerEpoch, int utterances, int done)
    {
        var checkpoint = Overhead + Bytes(networks.Generator) + (networks.Discriminator is { } d ? Bytes(d) : 0);
        return DiskUse.Of(config, checkpoint, stepsPerEpoch, utterances, done);
    }

    /// <summary>Refuses a training that the disk plainly has no room for, before its folder is made.</summary>
    /// <param name="output">Where the run folder is to be.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="corpus">Its corpus.</param>
    /// <param name="tested">The kernels that the self-test found right.</param>
    /// <exception cref="RunFolderException">There is no room.</exception>
    public static void Require(string output, RunConfig config, PairedCorpus corpus, TestedKernels tested)
    {
        var batches = new BatchReader(corpus.Train, TrainingBatches.Options(config, Distributed.SoleProcess.Instance), corpus.MixIn);
        var steps =
            config.Train.StepsPerEpoch == 0 ? batches.BatchesPerEpoch : Math.Min(config.Train.StepsPerEpoch, batches.BatchesPerEpoch);
        using var networks = new Networks(config, tested);
        if (Of(networks, config, steps, corpus.Valid.Count, 0).Refusal(DiskUse.Free(output), Path.GetFullPath(output)) is { } refusal)
            throw new RunFolderException(refusal, output, RunFolderException.Environment);
    }

    private static long Bytes(Module network) =>
        network.parameters().Sum(p => (1 + Moments) * p.numel() * p.element_size())
        + network.buffers().Sum(b => b.numel() * b.element_size());
}
