using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Distributed;

namespace SpeechGan.Training;

/// <summary>How a run's training utterances become batches: the configuration's knobs as the reader takes them.</summary>
internal static class TrainingBatches
{
    /// <summary>The options of this rank's reader.</summary>
    public static BatchOptions Options(RunConfig config, IProcessGroup group) =>
        new()
        {
            BatchSize = config.Data.BatchSize,
            Ranks = group.Size,
            Rank = group.Rank,
            Cut = config.Data.TrainCut == TrainCut.Center ? CutPolicy.Center : CutPolicy.Random,
            CutSamples = config.TrainCutSamples,
            Shuffle = config.Data.Shuffle,
            Seed = config.Seed,
            MixInShare = config.Data.MixInShare,
            Workers = config.Data.ReadAhead == 0 ? 0 : config.Data.Workers,
            ReadAhead = Math.Max(1, config.Data.ReadAhead),
        };
}
