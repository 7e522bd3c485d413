using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>A resumed run is not the one that was interrupted (faults F12, F13, F14): weights, optimiser, best so far or rates are
/// lost.</summary>
public sealed class StateLostAtResume()
    : Theory(
        "state-lost-at-resume",
        Severity.Grave,
        "Did the run lose weights, optimiser state, its best so far or its learning rates when it was resumed?",
        "things that are not what they were before",
        "an identity: a resumed run goes on with the same bits; faults F12, F13 and F14"
    )
{
    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var epochs = run.Epochs.GroupBy(e => e.Epoch).OrderBy(g => g.Key).Select(g => g.Last()).ToList();
        List<(string What, int Epoch)> lost = [.. AfterResuming(run, epochs), .. InEpochs(run, epochs), .. Twice(run)];
        if (lost.Count > 0)
        {
            string[] parts = [.. lost.Select(l => l.What)];
            return Judged(
                FindingOutcome.Confirmed,
                parts.Length,
                0,
                "above 0 confirms",
                $"The run is not the one that was interrupted: {List(parts)}.",
                "Start again from a checkpoint that holds everything; figures after the resumption are of another run.",
                lost.Min(l => l.Epoch),
                parts
            );
        }

        if (run.Info.Resumptions.Count > 0)
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 rejects",
                $"Resumed {run.Info.Resumptions.Count} times, each time with the same bytes in every part of the checkpoint, the "
                    + $"same best and the same rates.",
                ""
            );
        if (run.Info.Resumed.Count > 0)
            return NotMeasured("the run was resumed, and what it held then is not recorded");
        if (run.Info.Import is not null)
            return NotMeasured("an imported record does not tell what was restored where the training was begun again");
        if (epochs.Count > 0)
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 rejects",
                "The run was never resumed, and its epochs follow each other without a break.",
                ""
            );
        return NotMeasured("the run was never resumed, and no epoch is complete");
    }

    // What the run itself recorded when it was resumed.
    private static IEnumerable<(string What, int Epoch)> AfterResuming(RunRecord run, IReadOnlyList<EpochTelemetry> epochs)
    {
        foreach (var resumption in run.Info.Resumptions)
        {
            var before = epochs.FirstOrDefault(e => e.Epoch == resumption.Epoch);
            foreach (var part in resumption.PartsThatDiffer)
                yield return ($"{part} was not restored as it was saved (resumed after step {resumption.Step})", resumption.Epoch + 1);

            if (
                resumption is { StepInEpoch: 0, ParameterDigest: { } digest }
                && before?.ParameterDigest is { } earlier
                && digest != earlier
            )
                yield return ($"the weights after resuming are not those of epoch {resumption.Epoch}", resumption.Epoch + 1);

            if (before?.BestPesq is { } best && (resumption.BestPesq is not { } kept || kept < best))
                yield return (
                    Say(
                        $"the best PESQ so far was {best:F3} and is "
                            + $"{resumption.BestPesq?.ToString("F3", System.Globalization.CultureInfo.InvariantCulture) ?? "none"} "
                            + $"after resuming"
                    ),
                    resumption.Epoch + 1
                );
        }
    }

    // What the epochs themselves show, whoever wrote them: the best never falls and a rate never rises.
    private static IEnumerable<(string What, int Epoch)> InEpochs(RunRecord run, IReadOnlyList<EpochTelemetry> epochs)
    {
        double? highest = null;
        foreach (var (epoch, previous) in epochs.Zip(epochs.Prepend(null)))
        {
            if (epoch.Validation?.Mean.TryGetValue(ValidationHistory.Pesq, out var pesq) == true && !(highest >= pesq))
                highest = pesq;

            if (epoch.BestPesq is { } said && highest is { } most && said < most)
                yield return (Say($"the best PESQ so far is {said:F3} in epoch {epoch.Epoch} although {most:F3} was reached"), epoch.Epoch);

            // (Another trainer may warm up: its rate rises without a resumption.)
            if (run.Info.Import is null && previous is not null && epoch.GeneratorLearningRate > previous.GeneratorLearningRate)
                yield return (
                    Say(
                        $"the learning rate rose from {previous.GeneratorLearningRate:G3} to {epoch.GeneratorLearningRate:G3} in epoch "
                            + $"{epoch.Epoch}"
                    ),
                    epoch.Epoch
                );
        }
    }

    // No epoch comes twice, and no step's number is used again.
    private static IEnumerable<(string What, int Epoch)> Twice(RunRecord run)
    {
        foreach (var twice in run.Epochs.GroupBy(e => e.Epoch).Where(g => g.Count() > 1))
            yield return ($"epoch {twice.Key} was trained {twice.Count()} times", twice.Key);

        if (Repeated(run.Rows) is { } again)
            yield return ($"step {again.Step} was taken {again.Times} times", again.Epoch);
    }

    // The first step that was taken more than once. Steps in order have it beside itself; others are looked through whole.
    private static (long Step, int Times, int Epoch)? Repeated(StepRows rows)
    {
        if (rows.FirstBack is not null)
            return rows.GroupBy(s => s.Step).FirstOrDefault(g => g.Count() > 1) is { } group
                ? (group.Key, group.Count(), group.First().Epoch)
                : null;

        (long Step, int Times, int Epoch)? current = null;
        foreach (var row in rows)
        {
            if (row.Step == current?.Step)
                current = current.Value with { Times = current.Value.Times + 1 };
            else if (current?.Times > 1)
                return current;
            else
                current = (row.Step, 1, row.Epoch);
        }

        return current?.Times > 1 ? current : null;
    }
}
