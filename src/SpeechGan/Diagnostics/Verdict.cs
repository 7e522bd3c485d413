using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary><c>verdict.json</c>: what all theories say of a run, confirmed causes first.</summary>
public sealed record Verdict
{
    /// <summary>Name of the file in a run folder.</summary>
    public const string FileName = "verdict.json";

    private const string DataTheory = "data-faults";

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>Version of this file's form; it grows where a field changes its meaning.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The run's status when it was examined.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Findings by outcome (confirmed, suspected, inconclusive, rejected, not measured), then by severity (grave first, symptoms
    /// after causes), then in the order they are asked.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What was asked, which way it went and why.</summary>
    public IReadOnlyList<PathStep> Path { get; init; } = [];

    /// <summary>The run beside another one; absent where none was given.</summary>
    public BaselineComparison? Baseline { get; init; }

    /// <summary>What was settled by experiment; absent where nothing was probed.</summary>
    public Probes.ProbeVerdict? Probe { get; init; }

    /// <summary>What to measure next, in this order; absent for a run of this program.</summary>
    public IReadOnlyList<Measurement>? Measure { get; init; }

    /// <summary>Suspicions that a test of the network settles, not this record; absent where there are none.</summary>
    public IReadOnlyList<SettledByTest>? Settled { get; init; }

    /// <summary>What could not be read of the run; findings rest on the rest.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether any cause is confirmed.</summary>
    public bool HasConfirmed => All.Any(f => f.Outcome == FindingOutcome.Confirmed);

    /// <summary>The record's findings, then the probes'.</summary>
    internal IEnumerable<Finding> All => Findings.Concat(Probe?.Findings ?? []);

    /// <summary>Examines a run.</summary>
    /// <param name="run">Its record.</param>
    /// <param name="theories">Theories; null: all that are registered.</param>
    /// <param name="done">Told after each theory with the number done and of all; may be null.</param>
    public static Verdict Of(RunRecord run, IReadOnlyList<ITheory>? theories = null, Action<int, int>? done = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        theories ??= Theories.AllTheories.InOrder;
        Finding[] findings =
        [
            .. Echoes.Lowered([.. theories.Select((t, i) => Examined(t, i))]).OrderBy(f => f.Outcome).ThenBy(f => f.Severity),
        ];
        var measure = NextMeasurements.Of(run, findings);
        return new Verdict
        {
            Run = run.Info.Id,
            Status = run.Info.Status,
            Summary = Summarise(findings, run.Info.Import is not null) + First(measure),
            Measure = measure,
            Settled = NextMeasurements.Settled(run, findings),
            Findings = findings,
            Path = DecisionPath.Of(findings),
            Problems = run.Problems,
        };

        Finding Examined(ITheory theory, int index)
        {
            var finding = theory.Examine(run) with { Severity = theory.Severity };
            done?.Invoke(index + 1, theories.Count);
            return finding;
        }
    }

    /// <summary>The verdict with what experiments settled; a cause that they confirm is in the summary too.</summary>
    /// <param name="probe">What they settled; null: nothing was probed.</param>
    public Verdict With(Probes.ProbeVerdict? probe)
    {
        if (probe is null)
            return this;

        var confirmed = string.Join(", ", probe.Findings.Where(f => f.Outcome == FindingOutcome.Confirmed).Select(f => f.Id));
        return this with
        {
            Probe = probe,
            Summary = confirmed.Length > 0 ? $"Confirmed by experiment: {confirmed}. By the record: {Summary}" : Summary,
        };
    }

    private static string Summarise(Finding[] findings, bool imported)
    {
        string Names(FindingOutcome outcome) => string.Join(", ", findings.Where(f => f.Outcome == outcome).Select(f => f.Id));
        var judged = findings.Count(f => f.Outcome != FindingOutcome.NotMeasured);
        var confirmed = findings.Where(f => f.Outcome == FindingOutcome.Confirmed).ToList();
        var suspected = Names(FindingOutcome.Suspected);
        var inconclusive = findings.Count(f => f.Outcome == FindingOutcome.Inconclusive);
        // By severity, the grave first: what is serious is not called grave because it stands beside it.
        string Of(Severity severity) => string.Join(", ", confirmed.Where(f => f.Severity == severity).Select(f => f.Id));
        string[] parts =
        [
            .. new[] { (Severity.Grave, "grave"), (Severity.Serious, "serious"), (Severity.Symptom, "symptom") }
                .Where(s => confirmed.Any(f => f.Severity == s.Item1))
                .Select(s => $"{s.Item2}: {Of(s.Item1)}"),
        ];
        if (confirmed.Count > 0)
            return (
                    confirmed[0].Severity == Severity.Symptom
                        ? $"A symptom is confirmed and no cause: {Of(Severity.Symptom)}."
                        : $"Confirmed, {string.Join("; ", parts)}."
                ) + (suspected.Length > 0 ? $" Suspected: {suspected}." : "");
        if (suspected.Length > 0)
            return $"No cause is confirmed; suspected: {suspected}.";
        if (judged == 0)
            return "Nothing could be judged: the run has recorded too little so far.";
        return NothingFound(findings, inconclusive, imported);
    }

    private static string First(IReadOnlyList<Measurement>? measure) =>
        measure is { Count: > 0 }
            ? $" {measure.Sum(m => m.Settles.Count)} causes are open, since the imported record does not tell of them; measure first: "
                + $"{measure[0].What}."
            : "";

    // What no theory could examine is named: it may be where the cause is.
    private static string NothingFound(Finding[] findings, int inconclusive, bool imported)
    {
        string[] unexamined = [.. findings.Where(f => f.Outcome == FindingOutcome.NotMeasured).Select(f => f.Id)];
        if (2 * unexamined.Length > findings.Length)
            return $"Too little is recorded to find a cause: {findings.Length - unexamined.Length} of {findings.Length} theories could "
                + $"be examined, and none is confirmed{(imported ? "" : $"; not examined: {string.Join(", ", unexamined)}")}.";

        // Most causes lie in the data: while these were not examined, nothing is said to have no cause.
        var begun = unexamined.Contains(DataTheory)
            ? "The data were not examined, and the cause may lie there; of the training"
            : "No cause was found:";
        var found =
            $"{begun} {findings.Count(f => f.Outcome == FindingOutcome.Rejected)} of {findings.Length} theories are rejected by "
            + "measurement";
        if (inconclusive > 0)
            found += $", {inconclusive} {(inconclusive == 1 ? "is" : "are")} inconclusive";

        return unexamined.Length > 0 ? $"{found}; not examined: {string.Join(", ", unexamined)}." : $"{found}.";
    }

    /// <summary>What was settled by experiment and saved with a run's last verdict; null where nothing was, or where the file cannot be
    /// read.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="storage">File events; null: the disk.</param>
    public static Probes.ProbeVerdict? SavedProbe(string runFolder, IRunStorage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(runFolder);
        storage ??= DiskStorage.Instance;
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(runFolder), FileName);
        try
        {
            if (!storage.FileExists(path))
                return null;

            var text = storage.Read(path);
            RunJson.RefuseNullInLists(text);
            return JsonSerializer.Deserialize<Verdict>(text, RunJson.Document)?.Probe;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException || RunFolderException.IsStorage(e))
        {
            // A verdict is made anew at any time, and the replays lie in their journal: nothing is lost with it.
            return null;
        }
    }

    /// <summary>JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Document) + "\n";

    /// <summary>Publishes <c>verdict.json</c> in a run folder, in one step; the run may be going on.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Save(string runFolder, IRunStorage? storage = null)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(runFolder), FileName);
        StorageGuard.Run("write", path, () => (storage ?? DiskStorage.Instance).Publish(path, ToJson()));
    }
}
