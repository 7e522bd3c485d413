using System.Text.Json;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Regression.Diagnostics.Faults;

/// <summary>What the diagnosis says of a run with a fault in it.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Findings">Findings in the verdict's order.</param>
internal sealed record FaultVerdict(Fault Fault, long Seed, IReadOnlyList<Finding> Findings)
{
    /// <summary>Trains, audits and diagnoses.</summary>
    public static FaultVerdict Of(FaultRun runs, Fault fault, long seed, params string[] knobs)
    {
        var (record, _) = runs.Of(fault, seed, knobs);
        var verdict = Verdict.Of(record);
        // One verdict: what the run said of itself with its last word is what diagnose says of it.
        var own = JsonSerializer.Deserialize<Verdict>(File.ReadAllText(Path.Combine(record.Root, Verdict.FileName)), RunJson.Document)!;
        own.Findings.Should().BeEquivalentTo(verdict.Findings, o => o.WithStrictOrdering(), "{0}, seed {1}", fault.Name, seed);
        return new FaultVerdict(fault, seed, verdict.Findings);
    }

    /// <summary>Ids of what is confirmed, in order.</summary>
    public IReadOnlyList<string> Confirmed { get; } = [.. Findings.Where(f => f.Outcome == FindingOutcome.Confirmed).Select(f => f.Id)];

    /// <summary>What is confirmed and grave: on a healthy run there must be nothing.</summary>
    public IReadOnlyList<string> Grave { get; } =
    [.. Findings.Where(f => f is { Outcome: FindingOutcome.Confirmed, Severity: Severity.Grave }).Select(f => f.Id)];

    /// <summary>Whether the first thing the verdict names is a right cause: what is confirmed comes before what is suspected.</summary>
    public bool IsRight =>
        Findings is [{ Outcome: FindingOutcome.Confirmed or FindingOutcome.Suspected } first, ..] && Fault.Causes.Contains(first.Id);

    /// <summary>Whether that cause is confirmed, too.</summary>
    public bool IsConfirmed => IsRight && Findings[0].Outcome == FindingOutcome.Confirmed;

    /// <summary>The verdict in a line.</summary>
    public string InWords() =>
        $"{Fault.Name}, seed {Seed}: {(Confirmed.Count == 0 ? "nothing confirmed" : string.Join(", ", Confirmed))}"
        + (
            Findings.Any(f => f.Outcome == FindingOutcome.Suspected)
                ? $" (suspected: {string.Join(", ", Findings.Where(f => f.Outcome == FindingOutcome.Suspected).Select(f => f.Id))})"
                : ""
        );
}
