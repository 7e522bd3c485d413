using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>One of the identities before the first step does not hold, apart from those that have a theory of their own: the front end or
/// the scoring is at fault.</summary>
public sealed class FrontEndFault()
    : Theory(
        "front-end-fault",
        Severity.Grave,
        "Does a perfect estimate score as one, an untouched signal as itself, and a gain as nothing?",
        "reconstruction identities that do not hold",
        "identities; what is allowed beside each is the largest distance on 384 cuts of the bundled corpus, and more "
            + "(src/SpeechGan/Training/ReconstructionChecks.cs)"
    )
{
    private static readonly string[] Own = [ScaleFault.Check, .. LabelLeak.Checks, BatchDependence.Check, .. LossTermWrong.OfEqualSides];

    // What a second arithmetic checks has theories of its own (CheckedPart, LoadingWrong, DiscriminatorTargets); so have the terms that get
    // the same tensors twice, whatever the front end made.
    private static readonly string[] Rooms = ["step/", "scoring/", "evaluated/", "loaded/"];

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var checks = run
            .Oracles.Where(o =>
                o is { Observed: not null } && !Own.Contains(o.Name) && !Rooms.Any(r => o.Name.StartsWith(r, StringComparison.Ordinal))
            )
            .ToList();
        if (checks.Count == 0)
            return NotMeasured("no reconstruction check was made");

        var failed = checks.Where(o => o.Holds == false).ToList();
        return failed.Count == 0
            ? Judged(FindingOutcome.Rejected, 0, 0, "0 rejects", $"All {checks.Count} identities of front end and scoring hold.", "")
            : Judged(
                FindingOutcome.Confirmed,
                failed.Count,
                0,
                "above 0 confirms",
                Say($"{failed.Count} of {checks.Count} identities do not hold: {List([.. failed.Select(InWords)])}."),
                "Repair the spectrum, its inverse or the scoring before training: no loss and no score of this run means what it says.",
                1,
                failed.Select(f => f.Name)
            );
    }

    private static string InWords(ReconstructionCheck check) =>
        Say($"{check.Name} is {check.Observed:G4} and must be {check.Expected:G4} within {check.Allowed:G2}");
}
