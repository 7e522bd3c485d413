using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// Epochs were scored on other files or other cuts (fault F10 of published trainers): their means differ for that alone, and none of them
/// says how training goes. Comparable is exact, so that one utterance that moved is enough.
/// </summary>
public sealed class EvaluationNotComparable()
    : Theory(
        "evaluation-not-comparable",
        Severity.Grave,
        "Were the epochs scored on different files or different cuts, so that their means cannot be compared?",
        "share of an evaluation's utterances that were scored on another cut or file than in the one before",
        "an identity: a centre cut is a function of the file (docs/architecture.md, Numbers); fault F10, random cuts in validation"
    )
{
    /// <inheritdoc/>
    protected override int Unread(RunRecord run) => run.UnreadEvaluations;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        // Epoch 0 is the noisy side on the same cuts; the test split is scored once, with whatever epoch was best.
        var epochs = run.EpochsEvaluated(ValidationHistory.Split);
        if (epochs.Count < 2)
            return NotMeasured($"{epochs.Count} evaluations of valid are recorded, and two are needed to compare");

        double worst = 0;
        int? since = null;
        var known = false;
        var names = new List<string>();
        Dictionary<string, (int? Start, int? Length)>? before = null;
        foreach (var epoch in epochs)
        {
            var after = Cuts(run, epoch);
            known |= !after.Values.All(c => c is (null, null));
            if (before is not null)
            {
                var earlier = before;
                var all = before.Keys.Union(after.Keys).ToList();
                var moved = all.Where(n => !earlier.TryGetValue(n, out var a) || !after.TryGetValue(n, out var b) || a != b)
                    .Order(StringComparer.Ordinal)
                    .ToList();
                if (moved.Count > 0)
                {
                    since ??= epoch;
                    names.AddRange(moved.Except(names));
                    worst = Math.Max(worst, (double)moved.Count / all.Count);
                }
            }

            before = after;
        }

        if (!known)
            return NotMeasured("which cut of each utterance was scored is not recorded");

        return since is null
            ? Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 % rejects",
                Say($"All {before!.Count} validation utterances were scored on the same cut in all {epochs.Count} evaluations."),
                ""
            )
            : Judged(
                FindingOutcome.Confirmed,
                worst,
                0,
                "above 0 % confirms",
                Say(
                    $"Up to {100 * worst:0.#} % of the validation utterances were scored on another cut or file than in the evaluation "
                        + $"before, from epoch {since} on: {List(names)}. The epochs' means cannot be compared, and the best epoch was "
                        + $"chosen by chance."
                ),
                "Validate on cuts that depend on the file alone (--set evaluation.cut=center) and on the same files; evaluate the kept "
                    + "checkpoints again with speechgan evaluate.",
                since,
                names
            );
    }

    private static Dictionary<string, (int? Start, int? Length)> Cuts(RunRecord run, int epoch)
    {
        var cuts = new Dictionary<string, (int? Start, int? Length)>(StringComparer.Ordinal);
        foreach (var evaluation in run.EvaluationsOf(epoch).Where(e => e.Split == ValidationHistory.Split))
            cuts[evaluation.Name] = (evaluation.CutStart, evaluation.CutLength);

        return cuts;
    }
}
