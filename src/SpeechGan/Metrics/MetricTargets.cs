using System.Collections.Immutable;

namespace SpeechGan.Metrics;

/// <summary>What the metric discriminator is taught on one batch.</summary>
/// <param name="Targets">Normalised PESQ of every sample, null where the sample does not enter the discriminator's PESQ term.</param>
/// <param name="Scored">Number of samples that have a PESQ value of their own.</param>
/// <param name="MaskedByReason">How many samples have none, by reason.</param>
public sealed record BatchTargets(
    ImmutableArray<double?> Targets,
    int Scored,
    ImmutableSortedDictionary<UnscorableReason, int> MaskedByReason
)
{
    /// <summary>Number of samples.</summary>
    public int Count => Targets.Length;

    /// <summary>Number of samples that enter the PESQ term.</summary>
    public int Used => Targets.Count(t => t is not null);

    /// <summary>Whether the discriminator steps on this batch: at least one sample can be used.</summary>
    public bool Steps => Used > 0;

    /// <summary>Whether sample <paramref name="sample"/> enters the PESQ term.</summary>
    public bool IsUsed(int sample) => Targets[sample] is not null;

    /// <summary>
    /// Writes targets and weights for a tensor: q and 1 for a sample that is used, 0 and 0 for one that is not (its weight
    /// takes the 0 out of every sum).
    /// </summary>
    public void CopyTo(Span<float> targets, Span<float> weights)
    {
        for (int i = 0; i < Count; i++)
        {
            targets[i] = (float)(Targets[i] ?? 0);
            weights[i] = Targets[i] is null ? 0f : 1f;
        }
    }
}

/// <summary>Turns the scores of a batch into the discriminator's targets.</summary>
public static class MetricTargets
{
    /// <summary>PESQ on the discriminator's scale: q = (PESQ - 1) / 3.5 (CMGAN, section III-D; identical signals reach 1.04).</summary>
    public static double Normalise(double pesq) => (pesq - 1.0) / 3.5;

    /// <summary>The targets of a batch under a policy. Never throws for what is in the batch.</summary>
    public static BatchTargets For(BatchScore batch, MetricFailurePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int scored = batch.Scored;
        IEnumerable<double?> targets = policy switch
        {
            MetricFailurePolicy.Mask => batch.Results.Select(Own),
            MetricFailurePolicy.BatchMean => Enumerable.Repeat<double?>(
                batch.Mean().TryGet(out double mean) ? Normalise(mean) : null,
                batch.Count
            ),
            MetricFailurePolicy.DropBatch => batch.Results.Select(r => scored == batch.Count ? Own(r) : null),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "Unknown policy."),
        };
        return new BatchTargets([.. targets], scored, batch.Unscorable);
    }

    private static double? Own(MetricResult result) => result.TryGet(out double pesq) ? Normalise(pesq) : null;
}
