using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden list`: what is pinned, by whom, and what lies about.</summary>
internal static class GoldenList
{
    private sealed record Row(string Golden, string Scenario, long Seed, string State, GoldenApproval? Approval);

    public static int Run(GoldenPlace place, bool json)
    {
        var store = place.Store();
        Row[] rows = [.. Scenarios.Goldens.Select(g => RowOf(store, g))];
        var leftovers = store.Leftovers([.. Scenarios.Goldens.Select(g => g.GoldenName)]);
        if (json)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        folder = store.Folder,
                        scenarios = Scenarios.All.Select(s => new
                        {
                            s.Name,
                            s.Pins,
                            s.Seeds,
                            goldens = rows.Where(r => r.Scenario == s.Name)
                                .Select(r => new
                                {
                                    name = r.Golden,
                                    r.Seed,
                                    r.State,
                                    approved = r.Approval?.When,
                                    by = r.Approval?.By,
                                    reason = r.Approval?.Reason,
                                }),
                        }),
                        leftovers,
                    },
                    RunJson.Document
                )
            );
            return ExitCode.Good;
        }
        foreach (var scenario in Scenarios.All)
            Terminal.Out.Line($"{scenario.Name}: {scenario.Pins}");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("golden", "state", "approved", "by", "why");
        foreach (var row in rows)
            table.AddRow(
                Markup.Escape(row.Golden),
                Markup.Escape(row.State),
                row.Approval?.When.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
                Markup.Escape(row.Approval?.By ?? ""),
                Markup.Escape(row.Approval?.Reason ?? "")
            );
        Terminal.Out.Table(table);
        foreach (var leftover in leftovers)
            Terminal.Out.Line(leftover);
        return ExitCode.Good;
    }

    /// <summary>How a golden stands, in words.</summary>
    public static string State(GoldenStore store, string name, GoldenHistory history) =>
        (store.IsApproved(name), store.IsWaiting(name), history.Interrupted) switch
        {
            (_, _, true) => "an approval was interrupted: approve again",
            (true, true, _) => "approved; another one waits",
            (true, false, _) => "approved",
            (false, true, _) => "waits for approval",
            _ => "not pinned yet",
        };

    private static Row RowOf(GoldenStore store, ScenarioSeed golden)
    {
        var name = golden.GoldenName;
        try
        {
            var history = store.History(name);
            if (store.IsApproved(name))
                store.Read(name);
            return new Row(
                name,
                golden.Scenario.Name,
                golden.Seed,
                State(store, name, history),
                history.Effective is [.., var last] ? last : null
            );
        }
        catch (GoldenException e)
        {
            return new Row(name, golden.Scenario.Name, golden.Seed, "unsound: " + e.Message, null);
        }
    }
}
