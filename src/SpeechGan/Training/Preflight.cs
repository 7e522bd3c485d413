using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>Finds out before a run folder is made whether a run can be.</summary>
public static class Preflight
{
    /// <summary>Checks that the corpus fills a batch, that initial weights fit and that this machine computes the networks right.</summary>
    /// <param name="config">The run's configuration.</param>
    /// <param name="corpus">Its corpus.</param>
    /// <param name="group">The processes of the run; null: this one alone.</param>
    /// <returns>The kernels that the self-test found right.</returns>
    /// <exception cref="CorpusException">The corpus has fewer utterances than a batch takes.</exception>
    /// <exception cref="StateDictException">A file of initial weights is missing or of other sizes.</exception>
    /// <exception cref="EngineException">The device is not there.</exception>
    /// <exception cref="KernelException">This machine computes the networks wrongly.</exception>
    public static TestedKernels Check(RunConfig config, PairedCorpus corpus, IProcessGroup? group = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(corpus);
        _ = new BatchReader(corpus.Train, TrainingBatches.Options(config, group ?? SoleProcess.Instance), corpus.MixIn);
        set_num_threads(config.Train.Threads);
        var tested = KernelSelfTest.Run(config, TestPurpose.Training);
        if (config.Train.InitGenerator.Length + config.Train.InitDiscriminator.Length > 0)
        {
            using var rehearsal = new Networks(config, tested);
            InitialWeights.Load(rehearsal, config);
        }
        return tested;
    }
}
