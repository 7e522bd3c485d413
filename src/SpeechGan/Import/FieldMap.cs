using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>Which column or tag of a source is which field: as <c>--map</c> says, the rest by name where that is plain.</summary>
/// <param name="Columns">Column of each field.</param>
/// <param name="Fields">The same for the record, with what was guessed.</param>
/// <param name="Notes">Sentences about names that could be several fields.</param>
internal sealed record FieldMap(
    IReadOnlyDictionary<ForeignField, string> Columns,
    IReadOnlyList<ImportedField> Fields,
    IReadOnlyList<string> Notes
)
{
    private const int Named = 12;
    private const string RunSeparator = " - ";

    /// <summary>Maps columns.</summary>
    /// <param name="columns">Names in the source.</param>
    /// <param name="asked"><c>FIELD=COLUMN</c> texts of <c>--map</c>.</param>
    /// <param name="source">The source's name, for sentences.</param>
    /// <param name="path">Its path.</param>
    /// <param name="kind">What a name is called: column or tag.</param>
    /// <exception cref="ImportException">A text of <c>--map</c> is wrong, or no column is known.</exception>
    public static FieldMap Of(IReadOnlyList<string> columns, IReadOnlyList<string> asked, string source, string path, string kind)
    {
        var found = Asked(columns, asked, source, path, kind);
        var fields = found.Select(f => new ImportedField(f.Key.Name, f.Value, Guessed: false)).ToList();
        var notes = new List<string>();
        var normalised = columns
            .Where(c => !found.ContainsValue(c))
            .Select(c => (Column: c, Name: ForeignField.Normalise(WithoutRun(c))))
            .ToList();
        foreach (var field in ForeignField.All.Where(f => !found.ContainsKey(f)))
        {
            foreach (var alias in field.Aliases)
            {
                var same = normalised.Where(n => n.Name == alias && !found.ContainsValue(n.Column)).Select(n => n.Column).ToList();
                if (same.Count > 1)
                {
                    notes.Add(
                        $"The {kind}s {string.Join(" and ", same.Take(Named).Select(Quoted))} may both be {field.Name} "
                            + $"({field.Meaning}); none was taken. Say which: {Argument(field, same[0])}."
                    );
                    break;
                }

                if (same.Count == 1)
                {
                    found[field] = same[0];
                    fields.Add(new ImportedField(field.Name, same[0], Guessed: true));
                    break;
                }
            }
        }

        return found.Keys.Any(f => f != ForeignField.Epoch && f != ForeignField.Step)
            ? new FieldMap(found, fields, notes)
            : throw new ImportException(
                $"{(columns.Count == 1 ? $"The one {kind}" : $"None of the {columns.Count} {kind}s")} of '{source}' is "
                    + $"{(columns.Count == 1 ? "not " : "")}known as a loss or a score: "
                    + $"{string.Join(", ", columns.Take(Named).Select(Quoted))}{(columns.Count > Named ? " and more" : "")}. "
                    + $"Say which is which, for example {Argument(ForeignField.Pesq, columns.Count > 0 ? columns[0] : "COLUMN")} "
                    + $"(fields: "
                    + $"{string.Join(", ", ForeignField.All.Select(f => f.Name))}).{(notes.Count > 0 ? " " + notes[0] : "")}",
                path
            );
    }

    // wandb writes the run's name in front: 'calm-sun-12 - val/pesq'.
    private static string WithoutRun(string column) =>
        column.LastIndexOf(RunSeparator, StringComparison.Ordinal) is var at and > 0 ? column[(at + RunSeparator.Length)..] : column;

    private static Dictionary<ForeignField, string> Asked(
        IReadOnlyList<string> columns,
        IReadOnlyList<string> asked,
        string source,
        string path,
        string kind
    )
    {
        var found = new Dictionary<ForeignField, string>();
        foreach (var text in asked)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || at == text.Length - 1)
                throw new ImportException(
                    $"--map '{NumberText.Shown(text)}' is not FIELD={kind.ToUpperInvariant()}; write for example "
                        + $"--map pesq=valid/pesq.",
                    path
                );

            var (name, column) = (text[..at].Trim(), text[(at + 1)..].Trim());
            var field = ForeignField.All.FirstOrDefault(f => f.Name == name)
                ?? throw new ImportException(
                    $"--map names the field '{NumberText.Shown(name)}', which does not exist. Fields: "
                        + $"{string.Join(", ", ForeignField.All.Select(f => f.Name))}.",
                    path
                );
            if (!columns.Contains(column, StringComparer.Ordinal))
                throw new ImportException(
                    $"--map {name}={NumberText.Shown(column)} names a {kind} that '{source}' does not have. It "
                        + $"has {string.Join(", ", columns.Take(Named).Select(Quoted))}"
                        + $"{(columns.Count > Named ? $" and {columns.Count - Named} more" : "")}.",
                    path
                );

            if (!found.TryAdd(field, column))
                throw new ImportException($"--map gives the field {name} twice. Give it once.", path);
        }

        return found;
    }

    private static string Argument(ForeignField field, string column) =>
        column.Contains(' ') ? $"--map \"{field.Name}={NumberText.Shown(column)}\"" : $"--map {field.Name}={NumberText.Shown(column)}";

    private static string Quoted(string name) => $"'{NumberText.Shown(name)}'";
}
