namespace SpeechGan.Import;

/// <summary>A row of a table.</summary>
/// <param name="Line">Line that it begins on.</param>
/// <param name="Cells">Cells by column; a missing cell is absent.</param>
internal sealed record TableRow(int Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>Lines of the cells, where the row was made of several.</summary>
    public IReadOnlyDictionary<string, int>? Lines { get; init; }

    /// <summary>Line of a cell.</summary>
    public int LineOf(string column) => Lines is not null && Lines.TryGetValue(column, out var line) ? line : Line;
}

/// <summary>Rows of a table, whatever its format: cells by column, with the line they stand on.</summary>
/// <param name="Columns">Names of the columns, each once.</param>
/// <param name="Rows">Its rows, in order.</param>
/// <param name="Notes">What could not be read.</param>
internal sealed record TableSource(IReadOnlyList<string> Columns, IReadOnlyList<TableRow> Rows, IReadOnlyList<string> Notes)
{
    private const string PesqClosesEpochs = "The table has no column of epochs: each row with a PESQ was taken as the end of an epoch.",
        OneEpoch = "The table has neither a column of epochs nor a PESQ: all steps were taken to be of one epoch.";

    /// <summary>The table as a foreign record.</summary>
    /// <param name="text">Its file.</param>
    /// <param name="writer">What wrote it, in words.</param>
    /// <param name="asked">Texts of <c>--map</c>.</param>
    /// <param name="mayHaveComma">Whether its numbers may have a decimal comma.</param>
    /// <exception cref="ImportException">No column is known, or nothing in the known ones is a number that can be read in one way
    /// alone.</exception>
    public ForeignRecord Record(SourceText text, string writer, IReadOnlyList<string> asked, bool mayHaveComma = false)
    {
        var map = FieldMap.Of(Columns, asked, text.Name, text.Path, "column");
        var comma = mayHaveComma ? DecimalComma.Of(Known(text, map), text) : null;
        var unread = new List<string>();
        var rows = new List<ForeignRow>();
        var misplaced = 0;
        foreach (var row in Rows)
        {
            var numbers = Numbers(text, row, map, comma is not null, unread);
            if (
                Whole(numbers, ForeignField.Epoch, out var epoch)
                && Whole(numbers, ForeignField.Step, out var step)
                && epoch is null or (>= 0 and < 10_000_000)
                && step is null or >= 0
            )
                rows.Add(
                    new ForeignRow(
                        (int?)epoch,
                        step,
                        text.At(row.Line),
                        [.. numbers.Where(n => n.Field != ForeignField.Epoch && n.Field != ForeignField.Step)]
                    )
                );
            else
                misplaced++;
        }

        rows.RemoveAll(r => r.Numbers.Count == 0);
        List<string> notes = [.. Notes, .. map.Notes];
        if (comma is { } sample)
            notes.Add(
                $"Its numbers have a decimal comma: '{NumberText.Shown(sample.Cell)}' ({sample.Place}) was read as "
                    + $"{DecimalComma.Shown(sample.Cell)}, and so were all others."
            );

        if (unread.Count > 0)
            notes.Add($"Cells that are not numbers and were left out: {unread.Count} (first: {unread[0]}).");

        if (misplaced > 0)
            notes.Add($"Rows whose epoch or step is not a whole number of at least 0, and were left out: {misplaced}.");

        if (rows.Count == 0)
            throw new ImportException(
                $"No row of '{text.Name}' has a number in a known column "
                    + $"({string.Join(", ", map.Columns.Values.Select(c => NumberText.Shown(c)))})"
                    + $"{(unread.Count > 0 ? $"; first: {unread[0]}" : "")}. Correct the table.",
                text.Path
            );

        return Placed(writer, rows, map, notes);
    }

    private static List<ForeignNumber> Numbers(SourceText text, TableRow row, FieldMap map, bool hasComma, List<string> unread)
    {
        var numbers = new List<ForeignNumber>();
        foreach (var (field, column) in map.Columns)
        {
            if (row.Cells.TryGetValue(column, out var cell) && !IsEmpty(cell))
            {
                if (NumberText.TryRead(hasComma ? DecimalComma.Plain(Truth(cell)) : Truth(cell), out var value, out var why))
                    numbers.Add(new ForeignNumber(field, value, $"{text.At(row.LineOf(column))} {column}"));
                else
                    unread.Add($"{text.At(row.LineOf(column))}, column {NumberText.Shown(column)}: {why}");
            }
        }

        return numbers;
    }

    private List<(string Cell, string Place)> Known(SourceText text, FieldMap map) =>
        [
            .. Rows.SelectMany(r =>
                map.Columns.Values.Where(r.Cells.ContainsKey).Select(c => (r.Cells[c], $"{text.At(r.LineOf(c))} {NumberText.Shown(c)}"))
            ),
        ];

    private static ForeignRecord Placed(string writer, List<ForeignRow> rows, FieldMap map, List<string> notes)
    {
        var hasStep = map.Columns.ContainsKey(ForeignField.Step);
        string? guessed = null;
        if (!map.Columns.ContainsKey(ForeignField.Epoch))
        {
            guessed = rows.Any(r => r.Find(ForeignField.Pesq) is not null) ? PesqClosesEpochs : OneEpoch;
            if (!hasStep)
                guessed = "The table has neither a column of epochs nor one of steps: each row was taken to be an epoch, from 1.";

            var epoch = 1;
            for (var i = 0; i < rows.Count; i++)
            {
                rows[i] = rows[i] with { Epoch = epoch };
                epoch += !hasStep || rows[i].Find(ForeignField.Pesq) is not null ? 1 : 0;
            }
        }
        else
        {
            // Rows without an epoch (wandb leaves cells empty) belong to the one that was told last.
            int? last = null;
            for (var i = 0; i < rows.Count; i++)
            {
                last = rows[i].Epoch ?? last ?? rows.FirstOrDefault(r => r.Epoch is not null)?.Epoch ?? 1;
                rows[i] = rows[i] with { Epoch = last };
            }

            // A step column that only repeats the epochs' places is no step.
            if (hasStep && rows.GroupBy(r => r.Epoch).All(g => g.Count() == 1))
            {
                rows = [.. rows.Select(r => r with { Step = null })];
                notes.Add("The table has one row an epoch: its column of steps was not used.");
            }
            else if (!hasStep && rows.Count > 2 * rows.Select(r => r.Epoch).Distinct().Count())
            {
                notes.Add("The table has several rows an epoch and no column of steps: rows were numbered as steps.");
                long step = 0;
                rows = [.. rows.Select(r => r with { Step = ++step })];
            }
        }

        if (guessed is not null)
            notes.Add(guessed);

        return new ForeignRecord
        {
            Writer = writer,
            Rows = rows,
            Fields = map.Fields,
            Notes = notes,
            EpochsGuessed = guessed,
        };
    }

    private static bool IsEmpty(string cell) => cell.AsSpan().Trim() is "" or "null" or "None" or "N/A" or "NA" or "-";

    private static string Truth(string cell) =>
        cell.Trim() switch
        {
            "true" or "True" or "TRUE" => "1",
            "false" or "False" or "FALSE" => "0",
            _ => cell,
        };

    private static bool Whole(List<ForeignNumber> numbers, ForeignField field, out long? value)
    {
        value = null;
        foreach (var number in numbers)
        {
            if (number.Field == field)
            {
                if (Math.Floor(number.Value) != number.Value || Math.Abs(number.Value) > 1e15)
                    return false;

                value = (long)number.Value;
            }
        }

        return true;
    }
}
