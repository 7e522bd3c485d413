using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>A table with a line of names and a row an epoch or a step, separated by commas, semicolons, tabs or bars.</summary>
internal static class CsvTable
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Whether a text looks like one: a line of two names and more, and a line below with as many cells.</summary>
    public static bool Knows(SourceText text)
    {
        var lines = text.Lines.Where(l => !string.IsNullOrWhiteSpace(l)).Take(2).ToArray();
        return lines.Length == 2
            && Separator(lines[0]) is { } separator
            && lines[1].Contains(separator)
            && !lines[0].TrimStart().StartsWith('{')
            && !lines[0].Split(separator).Any(IsPair);
    }

    // "Gen Loss: 0.500" is a line of a log and no name of a column.
    private static bool IsPair(string cell) =>
        cell.LastIndexOf(':') is var at and > 0 && NumberText.TryRead(cell.AsSpan(at + 1).Trim("\" "), out _, out _);

    /// <summary>Reads it.</summary>
    /// <exception cref="ImportException">It is no table, or no column of it is known.</exception>
    public static ForeignRecord Read(SourceText text, IReadOnlyList<string> asked)
    {
        var first = text.Lines.First(l => !string.IsNullOrWhiteSpace(l));
        var separator = Separator(first) ?? ',';
        var notes = new List<string>();
        var settings = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = separator.ToString(),
            BadDataFound = null,
            MissingFieldFound = null,
            HasHeaderRecord = false,
            DetectColumnCountChanges = false,
            IgnoreBlankLines = true,
            CountBytes = false,
            MaxFieldSize = 0,
            Mode = CsvMode.RFC4180,
        };
        using var parser = new CsvParser(new StringReader(text.Text), settings);
        try
        {
            var columns = Columns(parser, text);
            var rows = Rows(parser, columns, text, notes);
            if (separator != ',')
                notes.Add($"Its cells are separated by {(separator == '\t' ? "tabs" : $"'{separator}'")}.");

            var table = new TableSource([.. columns.Where(c => c.Length > 0)], rows, notes);
            return ExportedTable.Widened(table, text, asked).Record(text, $"the table '{text.Name}'", asked, mayHaveComma: true);
        }
        catch (CsvHelperException e)
        {
            throw new ImportException(
                $"'{text.Name}' is not a table that can be read: {e.Message.Split('\n')[0].Trim().TrimEnd('.')}. "
                    + $"Write it with a line of names and a row a line.",
                text.Path,
                e
            );
        }
    }

    private static string[] Columns(CsvParser parser, SourceText text)
    {
        if (!parser.Read() || parser.Record is not { Length: > 0 } header)
            throw new ImportException($"'{text.Name}' has no line of column names. Write one, for example epoch,loss,pesq.", text.Path);

        string[] columns = [.. header.Select(h => h.Trim())];
        if (columns.All(c => c.Length == 0 || NumberText.TryRead(c, out _, out _)))
            throw new ImportException(
                $"The first line of '{text.Name}' holds numbers alone; the names of its columns were "
                    + $"expected. Write them above it, for example epoch,loss,pesq.",
                text.Path
            );

        if (columns.Where(c => c.Length > 0).GroupBy(c => c).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ImportException(
                $"'{text.Name}' has two columns of the name '{NumberText.Shown(twice.Key)}'. Give each column " + $"a name of its own.",
                text.Path
            );

        return columns;
    }

    private static List<TableRow> Rows(CsvParser parser, string[] columns, SourceText text, List<string> notes)
    {
        var rows = new List<TableRow>();
        int longer = 0,
            firstLonger = 0;
        while (parser.Read())
        {
            var cells = parser.Record ?? [];
            if (cells.Length > columns.Length && cells.Skip(columns.Length).Any(c => c.Trim().Length > 0))
            {
                firstLonger = longer++ == 0 ? FirstLine(parser) : firstLonger;
                continue;
            }

            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = 0; i < Math.Min(cells.Length, columns.Length); i++)
            {
                if (columns[i].Length > 0)
                    row[columns[i]] = cells[i];
            }

            rows.Add(new TableRow(FirstLine(parser), row));
        }

        if (longer > 0)
            notes.Add(
                $"Rows with more cells than the {Counted.Of(columns.Length, "column")}, left out: {longer} (first: line "
                    + $"{firstLonger}); a "
                    + $"separator inside a number, perhaps. Quote such cells, or write numbers without separators."
            );

        if (rows.Count == 0)
            throw new ImportException(
                $"'{text.Name}' has a line of column names and no row that can be "
                    + $"read{(notes.Count > 0 ? $": {notes[0]}" : ".")} Give the table with its rows.",
                text.Path
            );

        return rows;
    }

    // The parser tells the line on which a row ends; a quoted cell may have several.
    private static int FirstLine(CsvParser parser) => parser.RawRow - parser.RawRecord.AsSpan().Trim("\r\n").Count('\n');

    // The one that separates most names.
    private static char? Separator(string header)
    {
        var best = Separators.MaxBy(s => header.Count(c => c == s));
        return header.Contains(best) ? best : null;
    }
}
