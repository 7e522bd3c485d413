using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>Batches that were planned and never trained on: skipped by "continue" where a loss or a score failed (faults F7, F18). The data
/// are then not those that were chosen.</summary>
public sealed class BatchesLost()
    : Theory(
        "batches-lost",
        Severity.Grave,
        "Were planned batches left out of training?",
        "batches that the record lacks, of those planned up to the last recorded one",
        "an identity: batch i of an epoch is its i-th step, and a complete epoch has as many as were planned; faults F7 and F18"
    )
{
    /// <inheritdoc/>
    protected override int Unread(RunRecord run) => run.UnreadSteps + run.UnreadEpochs;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        long planned = 0,
            lost = 0,
            unwritten = 0;
        int? since = null;
        var where = new List<string>();
        var epochs = run.Epochs.GroupBy(e => e.Epoch).ToDictionary(g => g.Key, g => g.Last());
        long? before = null;
        foreach (var number in run.Rows.Epochs.Select(e => e.Epoch).Union(epochs.Keys).Order())
        {
            var own = run.Rows.Of(number).OrderBy(s => s.Step).ToList();
            var indices = own.Where(s => s.Batch is not null).Select(s => s.Batch!.Value).Distinct().ToList();
            var known = epochs.TryGetValue(number, out var epoch) && epoch.BatchesPlanned is not null;
            if (!known && indices.Count == 0)
                continue;

            // A run whose steps were removed to save space still has its counts.
            var seen = own.Count > 0 ? indices.Count : epoch!.BatchesSeen ?? 0;
            var expected = Math.Max(known ? epoch!.BatchesPlanned!.Value : 0, indices.Count > 0 ? indices.Max() + 1 : 0);
            var numbers = own.Count == 0 ? 0 : own[^1].Step - (before ?? own[0].Step - 1) - own.Count;
            var missing = Math.Max(Math.Max(0, expected - seen), Math.Max(0, numbers));
            before = own.Count > 0 ? own[^1].Step : before;
            // Steps that the epoch's own line counts were taken: their lines are missing, not their batches. (A line that is there and
            // cannot be read is Unread's case.)
            var counted =
                known && own.Count > 0 && run.UnreadSteps == 0 ? Math.Clamp((epoch!.BatchesSeen ?? own.Count) - own.Count, 0, missing) : 0;
            unwritten += counted;
            missing -= counted;
            planned += Math.Max(expected, seen);
            lost += missing;
            if (missing > 0)
            {
                since ??= number;
                where.Add($"{missing} of {expected} in epoch {number}");
            }
        }

        if (planned == 0)
            return NotMeasured("neither the batches' places nor how many were planned is recorded");
        if (lost == 0 && unwritten > 0)
            return Judged(
                FindingOutcome.Inconclusive,
                unwritten,
                0,
                "lines that are missing while their steps were counted are inconclusive",
                $"{unwritten} of {planned} steps have no line in steps.jsonl, though their epochs' lines count them: the file was "
                    + $"cut off or edited, which is no sign of batches that were left out.",
                "Restore steps.jsonl of the run, and diagnose it again."
            );
        if (lost == 0)
            return Judged(FindingOutcome.Rejected, 0, 0, "0 rejects", $"All {planned} planned batches were trained on.", "");
        return Judged(
            FindingOutcome.Confirmed,
            lost,
            0,
            "above 0 confirms",
            $"{lost} of {planned} planned batches are missing: {List(where)}. They were left out without a trace, and whatever "
                + $"made them fail is still there.",
            "Do not skip batches that fail: mask the samples that cannot be scored, and stop at a loss that is not finite.",
            since,
            where
        );
    }
}
