using System.Diagnostics;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Evaluation;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>An epoch in numbers once its steps are taken: their summary and, where it is due, validation.</summary>
internal sealed class EpochMeasurement(
    RunConfig config,
    PairedCorpus corpus,
    Networks networks,
    RunEvaluation evaluation,
    Replicas replicas,
    IProcessGroup group,
    FaultPoints faults
)
{
    /// <summary>Whether an epoch is validated. The last one always is.</summary>
    public bool IsValidated(int epoch) => epoch % config.Evaluation.EveryEpochs == 0 || epoch == config.Train.Epochs;

    /// <summary>The epoch's line without validation, which has its reason until it is made.</summary>
    /// <param name="epoch">Epoch, from 1.</param>
    /// <param name="steps">All of its steps.</param>
    /// <param name="planned">Batches it was to have.</param>
    /// <param name="training">How long the steps took.</param>
    public EpochTelemetry Summarise(int epoch, IReadOnlyList<StepTelemetry> steps, int planned, TimeSpan training)
    {
        var summary = EpochSummary.Of(epoch, steps, networks.Discriminator is not null);
        return summary with
        {
            GeneratorLearningRate = Schedule.Rate(config.Optimizer.GeneratorLearningRate, epoch, config.Optimizer),
            DiscriminatorLearningRate = networks.Discriminator is null
                ? null
                : Schedule.Rate(config.Optimizer.DiscriminatorLearningRate, epoch, config.Optimizer),
            BatchesPlanned = planned,
            ParameterDigest = CheckpointParts.Digest(networks),
            Unavailable = IsValidated(epoch) ? summary.Unavailable : WithoutValidation(summary.Unavailable),
            Seconds = new EpochSeconds { Training = training.TotalSeconds },
        };
    }

    /// <summary>Adds the validation, and the loss of the last batch in evaluation mode.</summary>
    /// <param name="epoch">The epoch's line.</param>
    /// <param name="steps">All of its steps.</param>
    /// <param name="last">The last batch that was read; null where there was none.</param>
    public EpochTelemetry Validate(EpochTelemetry epoch, IReadOnlyList<StepTelemetry> steps, Batch? last)
    {
        var clock = Stopwatch.StartNew();
        replicas.ShareStatistics();
        var evaluations = evaluation.Evaluate(corpus.Valid, RecordName.Valid, epoch.Epoch);
        // Measured, not believed: the mode it really stood in, and whether it is what it was.
        var validation = faults.Validation(Evaluator.Summarise(RecordName.Valid, evaluations), evaluations) with
        {
            TrainingMode = networks.Generator.modules().Any(m => m.training),
            StateChanged = group.Size == 1 ? CheckpointParts.Digest(networks) != epoch.ParameterDigest : null,
        };
        // Where the last batch was passed over, the last step's loss is another batch's.
        var isOfLastStep = group.Size == 1 && last is not null && steps is [.., { } step] && step.Batch == last.IndexInEpoch;
        return epoch with
        {
            Validation = validation,
            ModeLoss = isOfLastStep ? ModeLosses.Of(networks, config.Loss, last!, steps[^1]) : epoch.ModeLoss,
            Seconds = epoch.Seconds! with { Evaluation = clock.Elapsed.TotalSeconds },
        };
    }

    private Dictionary<string, string> WithoutValidation(IReadOnlyDictionary<string, string> reasons) =>
        new(reasons) { ["validation"] = $"evaluation.everyEpochs is {config.Evaluation.EveryEpochs}" };
}
