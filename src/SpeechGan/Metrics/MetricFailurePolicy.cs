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

/// <summary>Names of <see cref="MetricFailurePolicy"/> in configurations.</summary>
public static class MetricFailurePolicies
{
    /// <summary>The policy's name: `mask`, `batch-mean` or `drop-batch`.</summary>
    public static string ToName(this MetricFailurePolicy policy) => policy switch
    {
        MetricFailurePolicy.Mask => "mask",
        MetricFailurePolicy.BatchMean => "batch-mean",
        MetricFailurePolicy.DropBatch => "drop-batch",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "Unknown policy."),
    };

    /// <summary>The policy of a name.</summary>
    /// <exception cref="FormatException">There is no policy of that name; the message lists those that there are.</exception>
    public static MetricFailurePolicy Parse(string name) => name switch
    {
        "mask" => MetricFailurePolicy.Mask,
        "batch-mean" => MetricFailurePolicy.BatchMean,
        "drop-batch" => MetricFailurePolicy.DropBatch,
        _ => throw new FormatException($"metric.onFailure is '{name}'; it must be mask, batch-mean or drop-batch."),
    };
}
