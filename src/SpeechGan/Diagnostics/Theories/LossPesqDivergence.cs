using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// PESQ falls while the loss does not rise: what the mission is about. A symptom: it says that the loss no longer stands for quality, and
/// since when, not why. Utterances are compared in pairs, and the loss by its Theil-Sen slope.
/// </summary>
public sealed class LossPesqDivergence()
    : Theory(
        "loss-pesq-divergence",
        Severity.Symptom,
        "Does validation PESQ fall while the training loss does not rise?",
        "fall of the mean validation PESQ from its best epoch to the last one",
        "a paired sign-flip test against 0.1, the step that makes a clip unstable, at p = 0.01 (Metrics/PairedDrop); where utterances "
            + "are not recorded, 0.3 (fewer than 7 of them never confirm), three times the largest fall in a golden without a fault (0.103)"
    )
{
    /// <summary>A fall of the mean that is no alarm, PESQ.</summary>
    public const double Margin = 0.1;

    /// <summary>A fall of the mean that confirms without a test on utterances.</summary>
    public const double LargeFall = 0.3;

    /// <summary>A fall of the mean above which it is suspected without one.</summary>
    public const double SuspectedFall = 0.2;

    // The loss may rise by a twentieth and still "not rise": epochs of one batch order differ by as much.
    private const double Rise = 0.05;
    private const double Chance = 0.05;
    private const int Worst = 5;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var history = ValidationHistory.Of(run);
        if (history.Count < 2)
            return NotMeasured($"{history.Count} epochs have a validation PESQ, and two are needed");

        var best = ValidationHistory.Best(history);
        var last = history[^1];
        var fall = best.Pesq - last.Pesq;
        var losses = run
            .Epochs.Where(e => e.Epoch >= best.Epoch && e.Epoch <= last.Epoch && e.Loss.Total is { } t && double.IsFinite(t))
            .OrderBy(e => e.Epoch)
            .ToList();
        if (best == last || losses.Count < 2)
            return best == last
                ? Judged(
                    FindingOutcome.Rejected,
                    0,
                    Margin,
                    "a best epoch that is the last one rejects",
                    Say($"Validation PESQ is at its best in the last epoch ({last.Epoch}): {last.Pesq:F3}."),
                    ""
                )
                : NotMeasured("the training loss of fewer than two epochs from the best one on is recorded");

        var trend = Trend.Of([.. losses.Select(e => e.Epoch)], [.. losses.Select(e => e.Loss.Total!.Value)]);
        double first = losses[0].Loss.Total!.Value,
            now = losses[^1].Loss.Total!.Value;
        var rises = trend.Slope * (losses[^1].Epoch - losses[0].Epoch) > Rise * Math.Abs(first);
        var drop = Test(best, last);
        var falling = Falls(drop, fall);
        List<ValidationPoint> later = [.. history.Where(h => h.Epoch >= best.Epoch)];
        var steady = Trend.Of([.. later.Select(h => h.Epoch)], [.. later.Select(h => h.Pesq)]).PFalls is <= Chance;
        // Few utterances are known one by one to jump: their mean suggests no more.
        var few = drop is not null && drop.PValue is null;
        if (few && falling is FindingOutcome.Confirmed or FindingOutcome.Suspected)
            falling = fall > LargeFall ? FindingOutcome.Suspected : FindingOutcome.Inconclusive;
        else if (falling == FindingOutcome.Suspected && steady)
            falling = FindingOutcome.Confirmed;

        var numbers =
            Say(
                $"Mean validation PESQ went from {best.Pesq:F2} in epoch {best.Epoch} to {last.Pesq:F2} in epoch {last.Epoch} while "
                    + $"the loss went from {first:F4} to {now:F4}"
            ) + (drop?.PValue is { } p ? Say($" ({drop.Pairs} utterances in pairs, p = {p:G2} for a fall beyond {Margin})") : "");
        if (falling is FindingOutcome.Confirmed or FindingOutcome.Suspected && rises)
            return Judged(
                FindingOutcome.Rejected,
                fall,
                Margin,
                "a loss that rises with the fall rejects",
                $"{numbers}: the loss rises too, so that the two agree that the network gets worse.",
                ""
            );

        var (onset, gap) = Onset(later, best, last);
        var worst = ValidationHistory.Changes(best, last).OrderBy(c => c.Change).Take(Worst).Select(c => c.Name).ToList();
        var (rule, threshold) = Rule(falling, fall, drop, few);
        var meaning =
            falling == FindingOutcome.Inconclusive
                ? $"too little to say that the loss no longer stands for quality (since epoch {onset}, if it is so)"
                : $"the loss no longer stands for quality, from epoch {onset} on";
        return Judged(
            falling,
            fall,
            threshold,
            rule,
            falling == FindingOutcome.Rejected
                ? $"{numbers}."
                : $"{numbers}: {meaning}{gap}.{(worst.Count > 0 ? $" Hit most: {List(worst)}." : "")}",
            run.Info.Import is not null
                ? "This is a symptom: its causes are open until the measurements below are made."
                : "This is a symptom: look at the causes above it. Where none is found, replay the window from the checkpoint of the "
                    + "best epoch (speechgan diagnose RUN --probe).",
            onset,
            worst
        );
    }

    // The epoch from which on PESQ stays below, and in words where no PESQ is recorded just before it.
    private static (int Epoch, string Gap) Onset(List<ValidationPoint> later, ValidationPoint best, ValidationPoint last)
    {
        var onset = later.Skip(1).Reverse().TakeWhile(h => best.Pesq - h.Pesq > Margin).LastOrDefault(last).Epoch;
        var before = later.Last(h => h.Epoch < onset).Epoch;
        var gap =
            onset - before > 1
                ? Say(
                    $" (no PESQ is recorded between epochs {before} and {onset}, so that it began in one of the epochs {before + 1} to "
                        + $"{onset})"
                )
                : "";
        return (onset, gap);
    }

    // The rule that decided, in words, and its threshold.
    private static (string Rule, double Threshold) Rule(FindingOutcome falling, double fall, PairedDrop? drop, bool few)
    {
        if (falling == FindingOutcome.Rejected)
            return (Say($"a mean fall up to {Margin} rejects"), Margin);
        if (drop?.PValue is not null)
            return (
                falling == FindingOutcome.Confirmed
                    ? Say($"p up to {PairedDrop.Significance} confirms")
                    : "a larger fall that the test does not find is inconclusive",
                Margin
            );
        var threshold = fall > LargeFall ? LargeFall : SuspectedFall;
        if (few)
            return (
                falling == FindingOutcome.Suspected
                    ? Say($"a fall above {LargeFall} of fewer than {PairedDrop.Fewest} utterances is suspected")
                    : Say($"a smaller fall of fewer than {PairedDrop.Fewest} utterances is inconclusive"),
                threshold
            );
        return (
            (falling, fall > LargeFall) switch
            {
                (FindingOutcome.Confirmed, true) => Say($"a fall of the mean above {LargeFall} confirms"),
                (FindingOutcome.Confirmed, false) => Say(
                    $"a fall of the mean above {SuspectedFall} that is steady (Mann-Kendall, p up to {Chance}) confirms"
                ),
                (FindingOutcome.Suspected, _) => Say($"a fall of the mean above {SuspectedFall} is suspected"),
                _ => Say($"a fall between {Margin} and {SuspectedFall} is inconclusive"),
            },
            threshold
        );
    }

    /// <summary>Whether validation fell between two epochs beyond <see cref="Margin"/>, utterances in pairs; null where none is known in
    /// both.</summary>
    internal static PairedDrop? Test(ValidationPoint best, ValidationPoint later)
    {
        var changes = ValidationHistory.Changes(best, later);
        return changes.Count == 0 ? null : PairedDrop.Of([.. changes.Select(c => c.Change)], Margin);
    }

    private static FindingOutcome Falls(PairedDrop? drop, double fall)
    {
        if (fall <= Margin)
            return FindingOutcome.Rejected;
        if (drop?.Found is { } found)
        {
            if (found)
                return FindingOutcome.Confirmed;
            return FindingOutcome.Inconclusive;
        }
        if (fall > LargeFall)
            return FindingOutcome.Confirmed;
        if (fall > SuspectedFall)
            return FindingOutcome.Suspected;
        return FindingOutcome.Inconclusive;
    }
}
