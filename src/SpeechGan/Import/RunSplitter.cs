using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>Tells the trainings in one file apart, and within one the part that a restart made void.</summary>
internal static class RunSplitter
{
    private const int Named = 5;

    /// <summary>The trainings, each with rows that only go forwards.</summary>
    /// <param name="rows">Rows with epochs, in the source's order.</param>
    /// <param name="notes">Told what was replaced or turned round.</param>
    public static IReadOnlyList<IReadOnlyList<ForeignRow>> Split(IReadOnlyList<ForeignRow> rows, List<string> notes)
    {
        if (rows.Count > 2 && Enumerable.Range(1, rows.Count - 1).All(i => Compare(rows[i], rows[i - 1]) < 0))
        {
            notes.Add("Its rows are in reverse order, the newest first: they were reversed.");
            rows = [.. rows.Reverse()];
        }

        var runs = new List<List<ForeignRow>>();
        foreach (var row in rows)
        {
            var run = runs.Count > 0 ? runs[^1] : null;
            if (run is null || row.Starts || Compare(row, run[^1]) < 0)
            {
                // Back to its beginning, or in front of it: another training. Back to a later place: the same one, begun again from a
                // checkpoint.
                if (run is null || Compare(row, run[0]) <= 0)
                {
                    runs.Add([row]);
                    continue;
                }

                var kept = run.FindIndex(r => Compare(r, row) >= 0);
                if (kept >= 0)
                {
                    notes.Add(
                        $"At {row.Place} the steps go back to {InWords(row)}: the training was begun again there, and "
                            + (
                                run.Count - kept == 1
                                    ? $"the row {run[kept].Place} is void."
                                    : $"the {run.Count - kept} rows from {run[kept].Place} on are void."
                            )
                    );
                    run.RemoveRange(kept, run.Count - kept);
                }

                run.Add(row);
                continue;
            }

            if (Compare(row, run[^1]) == 0)
            {
                // Two lines about one epoch: what the second does not say again stays.
                run[^1] = run[^1] with { Numbers = [.. run[^1].Numbers.Where(n => row.Find(n.Field) is null), .. row.Numbers] };
                continue;
            }

            run.Add(row);
        }

        return runs;
    }

    /// <summary>Which of several trainings is imported, told as a note where there are several.</summary>
    /// <param name="begins">Where each begins.</param>
    /// <param name="run">The one that was asked for, from 1; null: the last.</param>
    /// <param name="writer">What wrote them, in words.</param>
    /// <param name="path">Their path, for the sentence.</param>
    /// <param name="notes">Told of the others.</param>
    /// <returns>Its place, from 0.</returns>
    /// <exception cref="ImportException">There is no such training.</exception>
    public static int Choose(IReadOnlyList<string> begins, int? run, string writer, string path, List<string> notes)
    {
        var list = $"{string.Join(", ", begins.Take(Named))}{(begins.Count > Named ? " and further on" : "")}";
        if (run is { } asked && (asked < 1 || asked > begins.Count))
            throw new ImportException(
                $"--run is {asked}, and {writer} holds {Counted.Of(begins.Count, "training")}"
                    + $"{(begins.Count > 1 ? $", which begin at {list}" : "")}. Give a number from 1 to {begins.Count}, or leave "
                    + $"--run out.",
                path
            );

        var chosen = (run ?? begins.Count) - 1;
        if (begins.Count > 1)
            notes.Add($"It holds {begins.Count} trainings, which begin at {list}; number {chosen + 1} was imported (--run N chooses).");

        return chosen;
    }

    /// <summary>Order of two rows; a row about a whole epoch stands behind the epoch's steps.</summary>
    private static int Compare(ForeignRow a, ForeignRow b) =>
        (a.Epoch ?? 0).CompareTo(b.Epoch ?? 0) is not 0 and var order
            ? order
            : (a.Step ?? long.MaxValue).CompareTo(b.Step ?? long.MaxValue);

    private static string InWords(ForeignRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"epoch {row.Epoch}{(row.Step is { } step ? $", step {step}" : "")}");
}
