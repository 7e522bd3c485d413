using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden diff`: draws the received trajectory against the approved one. Nothing is trained.</summary>
internal static class GoldenDiff
{
    public static int Run(GoldenSelection selection, bool json)
    {
        var (store, name, _) = selection;
        SelectedGolden[] waiting = [.. selection.Goldens.Where(g => store.IsWaiting(g.GoldenName))];
        if (waiting.Length == 0)
        {
            if (json)
                Console.WriteLine(JsonSerializer.Serialize(new { differs = false, goldens = Array.Empty<object>() }, RunJson.Document));
            else
                Terminal.Out.Line(Nothing(selection));
            return ExitCode.Good;
        }
        if (json)
            Console.WriteLine(
                JsonSerializer.Serialize(new { differs = true, goldens = waiting.Select(g => JsonOf(store, g)) }, RunJson.Document)
            );
        else
            foreach (var golden in waiting)
                Print(store, golden);
        return ExitCode.CheckFailed;
    }

    /// <summary>That nothing waits, and what to do.</summary>
    public static string Nothing(GoldenSelection selection) =>
        $"Nothing was received that differs from '{selection.Name}'. `speechgan golden check {selection.Name}"
        + (
            selection.Goldens[0].Scenario is null
                ? $" --run RUN{selection.Store.Options}` compares a run with it."
                : "` trains and compares."
        );

    /// <summary>Draws one golden's difference, or tells that it would be the first.</summary>
    public static void Print(GoldenStore store, SelectedGolden golden)
    {
        var (received, _) = store.ReadReceived(golden.GoldenName);
        if (store.IsApproved(golden.GoldenName))
            GoldenView.Print(Terminal.Out, GoldenReport.Of(golden.Scenario, store.Read(golden.GoldenName), received, store));
        else
            GoldenView.PrintFirst(Terminal.Out, golden.GoldenName, golden.Scenario?.Pins ?? received.Provenance.Host, received);
    }

    private static object JsonOf(GoldenStore store, SelectedGolden golden)
    {
        var (received, digest) = store.ReadReceived(golden.GoldenName);
        var comparison = store.IsApproved(golden.GoldenName)
            ? store.Read(golden.GoldenName).CompareWith(received.Trajectory, received.Provenance.Host)
            : null;
        return new
        {
            name = golden.GoldenName,
            approved = comparison is not null,
            received = digest,
            sentence = comparison?.Sentence,
            divergences = comparison?.Divergences.Select(GoldenView.Json),
        };
    }
}
