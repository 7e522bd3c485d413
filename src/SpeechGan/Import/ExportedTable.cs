using System.Text.RegularExpressions;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>
/// Tables that name their numbers elsewhere than in the line of names: MLflow's export has a row a number (<c>run_id, key, value, step,
/// timestamp</c>), TensorBoard's a file a tag (<c>run-.-tag-valid_pesq.csv</c> of <c>Wall time, Step, Value</c>).
/// </summary>
internal static partial class ExportedTable
{
    private const string Key = "key",
        Value = "value",
        Step = "step",
        Run = "run_id",
        WallTime = "wall_time";
    private const int Named = 5;

    /// <summary>The table with a column a field; one of another form as it is.</summary>
    /// <exception cref="ImportException">It holds several runs.</exception>
    public static TableSource Widened(TableSource table, SourceText text, IReadOnlyList<string> asked)
    {
        var names = table.Columns.ToLookup(c => ForeignField.Normalise(c), StringComparer.Ordinal);
        if (names.Contains(Key) && names.Contains(Value) && names.Contains(Step))
            return ByKey(table, text, names[Key].First(), names[Value].First(), names[Step].First(), names[Run].FirstOrDefault());

        return
            table.Columns.Count == 3
            && names.Contains(WallTime)
            && names.Contains(Step)
            && names.Contains(Value)
            && Tag().Match(text.Name) is { Success: true } tag
            && !table.Columns.Contains(tag.Groups["tag"].Value)
            && !asked.Any(a => a.EndsWith("=" + names[Value].First(), StringComparison.Ordinal))
            ? Renamed(table, names[Value].First(), tag.Groups["tag"].Value)
            : table;
    }

    private static TableSource Renamed(TableSource table, string column, string tag) =>
        new(
            [.. table.Columns.Select(c => c == column ? tag : c)],
            [.. table.Rows.Select(r => r with { Cells = r.Cells.ToDictionary(c => c.Key == column ? tag : c.Key, c => c.Value) })],
            [.. table.Notes, $"The file's name tells the tag of its column '{column}': {NumberText.Shown(tag)}."]
        );

    private static TableSource ByKey(TableSource table, SourceText text, string key, string value, string step, string? run)
    {
        string[] runs =
        [
            .. table
                .Rows.Select(r => run is null ? "" : r.Cells.GetValueOrDefault(run, "").Trim())
                .Where(r => r.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];
        if (runs.Length > 1)
            throw new ImportException(
                $"'{text.Name}' holds {runs.Length} runs: {string.Join(", ", runs.Take(Named).Select(r => NumberText.Shown(r)))}"
                    + $"{(runs.Length > Named ? " and more" : "")}. Keep the rows of one (column {run}), and import each by itself.",
                text.Path
            );

        var columns = new OrderedDictionary<string, int>(StringComparer.Ordinal) { [step] = 0 };
        var steps = new OrderedDictionary<string, (Dictionary<string, string> Cells, Dictionary<string, int> Lines)>(
            StringComparer.Ordinal
        );
        foreach (var row in table.Rows)
        {
            var name = row.Cells.GetValueOrDefault(key, "").Trim();
            var at = row.Cells.GetValueOrDefault(step, "").Trim();
            if (name.Length == 0 || name == step)
                continue;

            columns.TryAdd(name, columns.Count);
            if (!steps.TryGetValue(at, out var own))
            {
                steps[at] = own = (new Dictionary<string, string>(StringComparer.Ordinal) { [step] = at }, []);
                own.Lines[step] = row.Line;
            }

            own.Cells[name] = row.Cells.GetValueOrDefault(value, "");
            own.Lines[name] = row.Line;
        }

        return new TableSource(
            [.. columns.Keys],
            // A stable sort: steps that are not numbers come last and are reported.
            [
                .. steps
                    .Values.OrderBy(s => NumberText.TryRead(s.Cells[step], out var number, out _) ? number : double.PositiveInfinity)
                    .Select(s => new TableRow(s.Lines[step], s.Cells) { Lines = s.Lines }),
            ],
            [
                .. table.Notes,
                $"It has a row a number (columns {key}, {value}, {step}): its "
                    + $"{Counted.Of(columns.Count - 1, "key was taken as a column", "keys were taken as columns")}.",
            ]
        );
    }

    [GeneratedRegex(@"-tag-(?<tag>.+)\.csv$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Tag();
}
