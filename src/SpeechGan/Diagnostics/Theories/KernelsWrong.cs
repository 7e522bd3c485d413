using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The machine computes operators of the networks wrongly: whatever the run learnt or scored is made of wrong numbers.</summary>
public sealed class KernelsWrong()
    : Theory(
        "kernels-wrong",
        Severity.Grave,
        "Does this machine compute the networks' operators wrongly?",
        "operators in force beyond the limit of rounding",
        "docs/kernels.md: float64 and the rounding of each operator's longest sum"
    )
{
    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        // A start without a check had nothing to be checked: float64 by operators.
        var starts = run.Info.Kernels;
        var inForce = starts.SelectMany(k => k.Checks.Where(c => c.InForce)).ToList();
        if (starts.Count == 0)
            return NotMeasured("the record holds no self-test of kernels; speechgan doctor makes one on this machine");
        if (inForce.Count == 0)
            return NotMeasured(starts[^1].Unchecked is { } why ? $"no operator was checked: {why}" : "no operator in force was checked");
        var wrong = inForce.Where(c => !c.Right).GroupBy(c => (c.Operator, c.Shape)).Select(g => g.First()).ToList();
        return wrong.Count > 0
            ? Judged(
                FindingOutcome.Confirmed,
                wrong.Count,
                0,
                "above 0 confirms",
                Say($"This machine computes {wrong.Count} of {inForce.DistinctBy(c => (c.Operator, c.Shape)).Count()} operators wrongly, ")
                    + $"and the run used them: {List([.. wrong.Select(InWords)])}.",
                "Believe no figure of this run. Train again where speechgan doctor finds every operator right, without "
                    + "train.onWrongKernels=record.",
                concerns: wrong.Select(InWords)
            )
            : Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 rejects",
                Say($"All {starts[^1].Checks.Count(c => c.InForce)} operators in force are within rounding of float64{Left(starts)}."),
                ""
            );
    }

    private static string InWords(KernelCheckRecord check) => $"{check.Operator} ({check.Shape}): {check.Fault ?? "no reason is recorded"}";

    // What was wrong and not used is worth a clause: the machine has a fault all the same.
    private static string Left(IReadOnlyList<KernelRecord> starts) =>
        starts
            .SelectMany(k => k.Checks)
            .Where(c => c is { InForce: false, Right: false })
            .Select(c => $"{c.Operator} with {c.Path}")
            .Distinct()
            .ToList()
            is { Count: > 0 } left
            ? $"; what was found wrong was left: {List(left)}"
            : "";
}
