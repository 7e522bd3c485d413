using System.Globalization;

namespace SpeechGan.Runs;

/// <summary>Damage that single lines do not show: lines in another order, a file that was cut off, a clock that went back. What can be put
/// right is, and all of it is told.</summary>
internal static class RecordDamage
{
    /// <summary>The record with its lines in order, and with what is wrong with it under <see cref="RunRecord.Problems"/>.</summary>
    /// <param name="record">As read.</param>
    /// <param name="stepsFile">Path of <c>steps.jsonl</c>.</param>
    /// <param name="epochsFile">Path of <c>epochs.jsonl</c>.</param>
    public static RunRecord Told(RunRecord record, string stepsFile, string epochsFile)
    {
        var problems = new List<string>(record.Problems);
        // Only lines in another order have to be held, all of them.
        var disordered = record.Rows.FirstBack is not null;
        IReadOnlyList<StepTelemetry> steps = disordered
            ? InOrder([.. record.Steps], s => s.Step, stepsFile, "step", problems)
            : record.Steps;
        IReadOnlyList<EpochTelemetry> epochs = InOrder(record.Epochs, e => e.Epoch, epochsFile, "epoch", problems);
        Cut(record, stepsFile, problems);
        Clock(record.Info, problems);
        record = record with { Epochs = epochs, Problems = problems };
        return disordered ? record with { Steps = steps } : record;
    }

    private static IReadOnlyList<T> InOrder<T>(
        IReadOnlyList<T> lines,
        Func<T, long> number,
        string file,
        string word,
        List<string> problems
    )
    {
        for (var i = 1; i < lines.Count; i++)
        {
            if (number(lines[i]) < number(lines[i - 1]))
            {
                problems.Add(
                    $"'{file}': {word} {number(lines[i])} stands after {word} {number(lines[i - 1])}. The lines were put in order; "
                        + $"restore the file if it was edited."
                );
                return [.. lines.OrderBy(number)];
            }
        }

        return lines;
    }

    // A run that goes on is between a step and its epoch's line; one that is over has both.
    private static void Cut(RunRecord record, string file, List<string> problems)
    {
        if (record.Info.Status != RunStatus.Completed)
            return;

        var written = record.Rows.Epochs.ToDictionary(e => e.Epoch, e => e.Count);
        var counted = record.Epochs.GroupBy(e => e.Epoch).Sum(g => (long)(g.Last().BatchesSeen ?? 0));
        var missing =
            record.Epochs.GroupBy(e => e.Epoch).Sum(g => Math.Max(0L, (g.Last().BatchesSeen ?? 0) - written.GetValueOrDefault(g.Key)))
            - record.UnreadSteps;
        if (missing > 0)
            problems.Add(
                record.Rows.Count == 0
                    ? $"'{file}' has no line that can be read, and the epochs count {counted} steps: what only steps show was not "
                        + $"judged. Restore it, and diagnose again."
                    : $"'{file}' was cut off or edited: {missing} of {counted} steps that the epochs count have no line. Restore it, "
                        + $"and diagnose again."
            );
    }

    private static void Clock(RunInfo info, List<string> problems)
    {
        if (info.Ended < info.Started || info.Resumed.Any(r => r < info.Started))
        {
            var later =
                info.Ended < info.Started
                    ? string.Create(CultureInfo.InvariantCulture, $"ended at {info.Ended:u}")
                    : string.Create(CultureInfo.InvariantCulture, $"was resumed at {info.Resumed.First(r => r < info.Started):u}");
            problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The clock was set back while the run lasted: it started at {info.Started:u} and {later}. "
                        + $"No finding rests on these times."
                )
            );
        }
    }
}
