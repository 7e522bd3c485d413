using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>Batch size and InstanceNorm are often suspected. InstanceNorm looks at one sample alone; a dependence on the batch shows as
/// another estimate of the same sample.</summary>
public sealed class BatchDependence()
    : Theory(
        "batch-dependence",
        Severity.Serious,
        "Does a sample's estimate depend on the batch it is in (batch size, InstanceNorm, running statistics not in force)?",
        "largest distance of a sample's estimate alone and in its batch, as a share of its root mean square",
        "an identity but for rounding: batched inference differed by up to 8e-5, batch statistics give a multiple of the 1e-2 allowed "
            + "(docs/diagnosis.md, Theories)"
    )
{
    internal const string Check = "alone-and-in-batch/estimate";

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var checks = run.Oracles.Where(o => o.Name == Check && o is { Observed: not null }).ToList();
        if (checks.Count == 0)
            return NotMeasured("the same sample was not enhanced alone and in its batch");
        if (checks.FirstOrDefault(c => c.Holds == false) is { } failed)
            return Judged(
                FindingOutcome.Confirmed,
                failed.Observed!.Value,
                failed.Allowed,
                Say($"above {failed.Allowed:G2} confirms"),
                Say(
                    $"The same sample's estimate differs by {100 * failed.Observed:G3} % of its level alone and in its batch: a "
                        + $"layer looks at the whole batch in evaluation mode."
                ),
                "Find the layer that uses the batch's statistics in evaluation mode; scores depend on the batch size until it is "
                    + "repaired.",
                1
            );
        return Judged(
            FindingOutcome.Rejected,
            checks[0].Observed!.Value,
            checks[0].Allowed,
            Say($"up to {checks[0].Allowed:G2} rejects"),
            Say(
                $"A sample's estimate is the same alone and in its batch (within {checks[0].Observed:G2}): in evaluation mode "
                    + $"InstanceNorm and BatchNorm look at one sample, and the batch size cannot explain a score."
            ),
            ""
        );
    }
}
