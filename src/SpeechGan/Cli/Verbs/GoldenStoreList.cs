using System.Text.Json;
using Spectre.Console;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden list --store`: the goldens of imported runs in a folder of the user's.</summary>
internal static class GoldenStoreList
{
    private sealed record Row(string Name, string State, string Runs, GoldenApproval? Approval);

    public static int Run(GoldenStore store, bool json)
    {
        string[] names = [.. store.Names.Union(store.Waiting).Order(StringComparer.Ordinal)];
        Row[] rows = [.. names.Select(n => RowOf(store, n))];
        if (json)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        folder = store.Folder,
                        goldens = rows.Select(r => new
                        {
                            r.Name,
                            r.State,
                            r.Runs,
                            approved = r.Approval?.When,
                            by = r.Approval?.By,
                            reason = r.Approval?.Reason,
                        }),
                        leftovers = store.Leftovers(names),
                    },
                    RunJson.Document
                )
            );
            return ExitCode.Good;
        }
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("golden", "state", "pins", "approved", "by", "why");
        foreach (var row in rows)
            table.AddRow(
                Markup.Escape(row.Name),
                Markup.Escape(row.State),
                Markup.Escape(row.Runs),
                row.Approval?.When.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "",
                Markup.Escape(row.Approval?.By ?? ""),
                Markup.Escape(row.Approval?.Reason ?? "")
            );
        Terminal.Out.Table(table);
        foreach (var leftover in store.Leftovers(names))
            Terminal.Out.Line(leftover);
        return ExitCode.Good;
    }

    private static Row RowOf(GoldenStore store, string name)
    {
        try
        {
            var history = store.History(name);
            var golden = store.IsApproved(name) ? store.Read(name) : store.ReadReceived(name).Golden;
            return new Row(
                name,
                GoldenList.State(store, name, history),
                golden.Provenance.Host,
                history.Effective is [.., var last] ? last : null
            );
        }
        catch (GoldenException e)
        {
            return new Row(name, "unsound: " + e.Message, "", null);
        }
    }
}
