using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden history`: the chain of approvals.</summary>
internal static class GoldenHistoryList
{
    private const int Short = 12;

    public static int Run(GoldenSelection selection, bool json)
    {
        var store = selection.Store;
        (string Name, GoldenHistory History)[] histories = [.. selection.Goldens.Select(g => (g.GoldenName, store.History(g.GoldenName)))];
        if (json)
        {
            Console.WriteLine(
                JsonSerializer.Serialize(
                    histories.Select(h => new
                    {
                        h.Name,
                        h.History.Interrupted,
                        approvals = h.History.Approvals.Select(a => new
                        {
                            a.Number,
                            a.When,
                            a.By,
                            a.Reason,
                            a.Digest,
                            a.Replaced,
                            a.AcceptedDrift,
                        }),
                    }),
                    RunJson.Document
                )
            );
            return ExitCode.Good;
        }
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("golden", "no.", "when (UTC)", "by", "approved", "replaced", "drift", "why");
        foreach (var (golden, history) in histories)
        foreach (var a in history.Effective)
            table.AddRow(
                Markup.Escape(golden),
                a.Number.ToString(CultureInfo.InvariantCulture),
                a.When.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                Markup.Escape(a.By),
                a.Digest[..Short],
                a.Replaced?[..Short] ?? "nothing",
                a.AcceptedDrift ? "accepted" : "",
                Markup.Escape(a.Reason)
            );
        Terminal.Out.Table(table);
        foreach (var (golden, history) in histories)
        {
            if (history.Approvals.Count == 0)
                Terminal.Out.Line(
                    $"'{golden}' has no history: "
                        + $"{(store.IsApproved(golden) ? "it was approved before histories were kept" : "nothing was approved yet")}."
                );
            if (history.Interrupted)
                Terminal.Out.Line(
                    $"'{golden}': an approval by {history.Approvals[^1].By} was interrupted and did not take effect; approve again."
                );
        }
        return ExitCode.Good;
    }
}
