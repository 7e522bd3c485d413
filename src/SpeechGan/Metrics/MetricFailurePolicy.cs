namespace SpeechGan.Metrics;

/// <summary>What the metric discriminator learns from a batch in which some samples have no PESQ (`metric.onFailure`).</summary>
public enum MetricFailurePolicy
{
    /// <summary>`mask`: a sample without a score is left out, alone. The default.</summary>
    Mask,

    /// <summary>`batch-mean`: every sample of the batch, scored or not, gets the mean of the scored ones.</summary>
    BatchMean,

    /// <summary>`drop-batch`: one sample without a score takes the whole batch with it, as the published trainer does.</summary>
    DropBatch,
}
