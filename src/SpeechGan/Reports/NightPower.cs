namespace SpeechGan.Reports;

/// <summary>The power of the checks on a night's page: what <c>tools/golden-power</c> printed, its tables as tables.</summary>
internal static class NightPower
{
    private const char Column = '|';
    private const string Rule = "---";

    /// <summary>Adds it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="text">What was printed; null where it was not measured.</param>
    public static void Add(HtmlText page, string? text)
    {
        if (text is null)
        {
            page.AddMarkup(
                "<p class=\"absent\">Not measured in this night: tools/golden-power measures it, and --power FILE shows it.</p>\n"
            );
            return;
        }

        var heading = true;
        var inTable = false;
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0))
        {
            var isRow = line[0] == Column;
            if (isRow != inTable)
            {
                page.AddMarkup(isRow ? "<div class=\"scroll\" tabindex=\"0\"><table><tbody>\n" : "</tbody></table></div>\n");
                (inTable, heading) = (isRow, true);
            }

            if (!isRow)
            {
                page.Add($"<p>{line}</p>\n");
                continue;
            }

            string[] cells = [.. line.Trim(Column).Split(Column).Select(c => c.Trim())];
            if (cells.All(c => c == Rule))
                continue;

            page.AddMarkup("<tr>");
            for (var i = 0; i < cells.Length; i++)
                _ =
                    heading || i == 0
                        ? page.AddMarkup(heading ? "<th scope=\"col\">" : "<th scope=\"row\">").Add($"{cells[i]}").AddMarkup("</th>")
                        : page.Add($"<td>{cells[i]}</td>");

            page.AddMarkup("</tr>\n");
            heading = false;
        }

        if (inTable)
            page.AddMarkup("</tbody></table></div>\n");
    }
}
