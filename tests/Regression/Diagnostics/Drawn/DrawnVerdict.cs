using System.Text.Json;
using SpeechGan.Diagnostics;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>What was found in a drawn run: a line of the journal that lets a measurement go on where it was.</summary>
/// <param name="Number">Number of the run.</param>
/// <param name="Run">The run in words.</param>
/// <param name="Fault">Fault that was let in; null: a healthy run.</param>
/// <param name="Causes">Theories any of which names it rightly.</param>
/// <param name="Named">Ids of what is confirmed or suspected, in the verdict's order.</param>
/// <param name="Confirmed">How many of these are confirmed: they stand first.</param>
/// <param name="FirstSeen">Step at which the right cause was first confirmed or suspected, 0 before the first step; null: never, or not
/// asked.</param>
/// <param name="Sentences">Sentences of what was named.</param>
/// <param name="Seconds">What it took.</param>
internal sealed record DrawnVerdict(
    int Number,
    string Run,
    string? Fault,
    IReadOnlyList<string> Causes,
    IReadOnlyList<string> Named,
    int Confirmed,
    long? FirstSeen,
    IReadOnlyList<string> Sentences,
    double Seconds
)
{
    /// <summary>From the verdict of a run.</summary>
    public static DrawnVerdict Of(
        DrawnRun run,
        string? fault,
        IReadOnlyList<string> causes,
        IReadOnlyList<Finding> findings,
        long? firstSeen,
        TimeSpan time
    )
    {
        Finding[] named = [.. findings.Where(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected)];
        return new(
            run.Number,
            run.InWords(),
            fault,
            causes,
            [.. named.Select(f => f.Id)],
            named.Count(f => f.Outcome == FindingOutcome.Confirmed),
            firstSeen,
            [.. named.Select(f => $"{f.Outcome}: {f.Id}: {f.Sentence}")],
            Math.Round(time.TotalSeconds, 1)
        );
    }

    /// <summary>What was named, in a cell of a table.</summary>
    public string NamedInWords =>
        Named.Count == 0 ? "nothing" : string.Join(", ", Named.Select((name, i) => name + (i < Confirmed ? "" : " (suspected)")));

    /// <summary>Whether the first thing named is a right cause.</summary>
    public bool IsFirst => Named is [var first, ..] && Causes.Contains(first);

    /// <summary>Whether a right cause is named at all.</summary>
    public bool IsNamed => Named.Any(Causes.Contains);

    /// <summary>The lines of a journal; none where there is no such file. A line that was torn by a kill is made again.</summary>
    public static IReadOnlyList<DrawnVerdict> Read(string journal)
    {
        if (!File.Exists(journal))
            return [];
        List<DrawnVerdict> read = [];
        foreach (var line in File.ReadLines(journal))
            try
            {
                read.Add(JsonSerializer.Deserialize<DrawnVerdict>(line)!);
            }
            catch (JsonException)
            {
                continue;
            }
        return read;
    }

    /// <summary>Adds the line to a journal; several processes may have journals of their own in one folder.</summary>
    public void Append(string journal) => File.AppendAllText(journal, JsonSerializer.Serialize(this) + "\n");
}
