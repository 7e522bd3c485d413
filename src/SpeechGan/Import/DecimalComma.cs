using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeechGan.Import;

/// <summary>
/// Whether a table's numbers have a decimal comma, as spreadsheets write them in many countries. All numbers of the known columns decide
/// together: <c>0,25</c> can be nothing else, <c>1,234</c> alone may be a thousand, and a table of commas and points is none that can be
/// read without guessing.
/// </summary>
internal static partial class DecimalComma
{
    /// <summary>Decides.</summary>
    /// <param name="cells">The cells of the known columns with their places, in the table's order.</param>
    /// <param name="text">The table's file.</param>
    /// <returns>A cell whose comma can only be a decimal one; null where the numbers have points.</returns>
    /// <exception cref="ImportException">The numbers may be read in two ways.</exception>
    public static (string Cell, string Place)? Of(IReadOnlyList<(string Cell, string Place)> cells, SourceText text)
    {
        (string Cell, string Place)? plain = null,
            either = null,
            point = null;
        foreach (var (cell, place) in cells)
        {
            var trimmed = cell.Trim();
            if (Comma().IsMatch(trimmed))
            {
                if (Thousand().IsMatch(trimmed))
                    either ??= (trimmed, place);
                else
                    plain ??= (trimmed, place);
            }
            else if (trimmed.Contains('.') && NumberText.TryRead(trimmed, out _, out _))
            {
                point ??= (trimmed, place);
            }
        }

        if (plain is { } decided && point is { } other)
            throw new ImportException(
                $"'{text.Name}' has numbers with a decimal comma ({decided.Place}: '{NumberText.Shown(decided.Cell)}') and numbers "
                    + $"with a point ({other.Place}: '{NumberText.Shown(other.Cell)}'), where the point may be a decimal one or "
                    + $"part thousands. Write all numbers in one way.",
                text.Path
            );

        if (plain is null && point is null && either is { } open)
            throw new ImportException(
                $"'{text.Name}' can be read in two ways: every comma in its numbers may be a decimal one or part thousands "
                    + $"({open.Place}: '{NumberText.Shown(open.Cell)}'). Write numbers with a decimal point and without thousands "
                    + $"separators.",
                text.Path
            );

        return plain;
    }

    /// <summary>A cell of a table with decimal commas as this program reads numbers: <c>1.234,5</c> is <c>1234.5</c>.</summary>
    public static string Plain(string cell)
    {
        var trimmed = cell.Trim();
        return Comma().IsMatch(trimmed) ? trimmed.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : cell;
    }

    /// <summary>A number as a sentence shows it.</summary>
    public static string Shown(string cell) =>
        double.Parse(Plain(cell), NumberStyles.Float, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+([eE][-+]?\d{1,3})?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comma();

    [GeneratedRegex(@"^[-+]?[1-9]\d{0,2},\d{3}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Thousand();
}
