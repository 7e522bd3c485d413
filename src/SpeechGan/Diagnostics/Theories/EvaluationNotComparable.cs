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
        var epochs = run
            .Evaluations.Where(e => e.Split == ValidationHistory.Split)
            .GroupBy(e => e.Epoch)
            .OrderBy(g => g.Key)
            .Select(g =>
                (
                    Epoch: g.Key,
                    Cuts: g.GroupBy(e => e.Name)
                        .ToDictionary(u => u.Key, u => (u.Last().CutStart, u.Last().CutLength), StringComparer.Ordinal)
                )
            )
            .ToList();
        if (epochs.Count < 2)
        {
            return NotMeasured($"{epochs.Count} evaluations of valid are recorded, and two are needed to compare");
        }

        if (epochs.All(e => e.Cuts.Values.All(c => c is (null, null))))
        {
            return NotMeasured("which cut of each utterance was scored is not recorded");
        }

        double worst = 0;
        int? since = null;
        var names = new List<string>();
        foreach (var (before, after) in epochs.Zip(epochs.Skip(1)))
        {
            var all = before.Cuts.Keys.Union(after.Cuts.Keys).ToList();
            var moved = all.Where(n => !before.Cuts.TryGetValue(n, out var a) || !after.Cuts.TryGetValue(n, out var b) || a != b)
                .Order(StringComparer.Ordinal)
                .ToList();
            if (moved.Count == 0)
            {
                continue;
            }

            since ??= after.Epoch;
            names.AddRange(moved.Except(names));
            worst = Math.Max(worst, (double)moved.Count / all.Count);
        }

        return since is null
            ? Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 % rejects",
                Say($"All {epochs[^1].Cuts.Count} validation utterances were scored on the same cut in all {epochs.Count} evaluations."),
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
}
