using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// A part of the trainer that was checked before the first step against a second arithmetic of its own (<c>oracles.jsonl</c>): any check
/// that does not hold confirms.
/// </summary>
/// <param name="id">Stable id.</param>
/// <param name="question">A question.</param>
/// <param name="checks">Names of its checks and what each compares, in words.</param>
/// <param name="holds">What is sound where all hold, a clause.</param>
/// <param name="fails">What is wrong where one does not, a clause.</param>
/// <param name="action">What to do.</param>
public abstract class CheckedPart(
    string id,
    string question,
    IReadOnlyDictionary<string, string> checks,
    string holds,
    string fails,
    string action
)
    : Theory(
        id,
        Severity.Grave,
        question,
        "checks that do not hold",
        "identities: the trainer's own step against the same step written a second time from the paper's formulas; float64 agrees to "
            + "1e-10 (docs/diagnosis.md, Checks before the first step)"
    )
{
    /// <summary>Names of its checks.</summary>
    public IEnumerable<string> Checks => checks.Keys;

    /// <summary>Id of the theory whose own checks failed and explain these; null: these stand for themselves.</summary>
    protected virtual string? EchoOf(RunRecord run) => null;

    /// <summary>The theory of a leak where its identity does not hold: the step that is checked then has another signal.</summary>
    protected static string? LeakOf(RunRecord run) =>
        run.Oracles.Any(o => LabelLeak.Checks.Contains(o.Name) && o.Holds == false) ? "label-leak" : null;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var made = run.Oracles.Where(o => o is { Observed: not null } && checks.ContainsKey(o.Name)).ToList();
        var failed = made.Where(o => o.Holds == false).ToList();
        if (made.Count == 0)
            return NotMeasured(
                "these checks were not made before the first step (they came after this record, or their batch could not be scored)"
            );
        if (failed.Count == 0)
            return Judged(FindingOutcome.Rejected, 0, 0, "0 rejects", $"All {made.Count} checks hold: {holds}.", "");
        return Judged(
            EchoOf(run) is not null ? FindingOutcome.Suspected : FindingOutcome.Confirmed,
            failed.Count,
            0,
            EchoOf(run) is { } explained ? $"what {explained} explains is suspected" : "above 0 confirms",
            Say($"{failed.Count} of {made.Count} checks do not hold: {List([.. failed.Select(Words)])}. {fails}."),
            action,
            1,
            failed.Select(f => f.Name)
        );
    }

    private string Words(ReconstructionCheck check) =>
        Say($"{checks[check.Name]} ({check.Name}) is {check.Observed:G4} and must be {check.Expected:G4} within {check.Allowed:G2}");
}
