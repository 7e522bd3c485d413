using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Evaluation;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using static TorchSharp.torch;

namespace SpeechGan.Training.Checks;

/// <summary>
/// Everything a run checks of its own program before the first step, in the order of <c>oracles.jsonl</c>. No weight, buffer or
/// random number of the run is touched.
/// </summary>
/// <param name="networks">The run's networks; left in evaluation mode.</param>
/// <param name="config">The run's knobs.</param>
/// <param name="kernels">The run's kernels.</param>
/// <param name="faults">Below the record, as in the run.</param>
internal sealed class StartChecks(Networks networks, RunConfig config, TestedKernels kernels, FaultPoints faults)
{
    /// <summary>Makes them.</summary>
    /// <param name="reader">The run's batches.</param>
    /// <param name="corpus">What they are read from.</param>
    /// <param name="enhance">How the run enhances a noisy cut.</param>
    /// <param name="score">How the run's step scores: clean signal and estimate, `[batch, samples]`.</param>
    public IReadOnlyList<ReconstructionCheck> Run(
        BatchReader reader,
        PairedCorpus corpus,
        Func<float[], float[]> enhance,
        Func<Tensor, Tensor, BatchScore> score
    )
    {
        Batch[] some =
        [
            .. Enumerable
                .Range(0, Math.Min(ReconstructionCheck.BatchesHeldAgainstFiles, reader.BatchesPerEpoch))
                .Select(i => reader.Load(1, i)),
        ];
        var oracles = new ReconstructionChecks(networks, config, faults);
        var paths = new PathChecks(networks, config);
        // One process does this, whatever the number of ranks.
        var alone = new SharedEvaluation(new Evaluator(config), SoleProcess.Instance);
        networks.Train(false);
        return
        [
            .. oracles.Run(some[0]),
            .. oracles.RunGenerator(some[0]),
            .. PathChecks.Loading(some, corpus.Train, corpus.MixIn),
            .. networks.Discriminator is null ? [] : paths.Scoring(some[0], score),
            .. paths.Evaluation(corpus.Valid, (utterances, own, keep) =>
                alone.Evaluate(utterances, RecordName.Valid, 1, own ?? enhance, keep: keep)
            ),
            .. new StepRehearsal(networks, config, kernels, faults).Run([some[0], some[^1]]),
        ];
    }
}
