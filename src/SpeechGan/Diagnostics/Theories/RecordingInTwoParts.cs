using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The same recording stands in two parts, cut, scaled or shifted: no two files are equal, and what is trained on is tested on all
/// the same.</summary>
public sealed class RecordingInTwoParts()
    : Theory(
        "recording-in-two-parts",
        Severity.Serious,
        "Is a recording in two parts, cut, scaled or shifted?",
        "files of a part that are another part's recording",
        "an identity up to rounding: cuts and scaled copies of one recording correlate by 0.99, strangers by 0.2 "
            + "(src/SpeechGan/Data/AuditLimits.cs)"
    )
{
    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (run.Audit is not { Likeness: { } compared } audit)
            return NotMeasured(
                run.Audit is null
                    ? "the corpus was not audited"
                    : "its parts were not compared for likeness (an older audit, or one part alone)"
            );

        var found = audit.Findings.Where(f => f.Kind == AuditLikeness.Kind).ToList();
        var files = found.Select(f => (f.Split, f.Name)).Distinct().Count();
        var data = NextCommand.DataOf(run);
        if (found.Count > 0)
            return Judged(
                FindingOutcome.Confirmed,
                files,
                0,
                "above 0 confirms",
                $"{files} {(files == 1 ? "file is a recording" : "files are recordings")} of another part. {found[0].Sentence}",
                $"Take these files out of one of the parts (speechgan audit --data {data} --all lists them), and train again: "
                    + $"scores on them say nothing of other recordings.",
                null,
                found.Select(f => $"{f.Split}/{f.Name}")
            );
        if (compared.LeftOut > 0)
            return Judged(
                FindingOutcome.Inconclusive,
                0,
                0,
                "what was not compared leaves it open",
                Say(
                    $"{compared.Compared} pairs of recordings were compared and none is alike, but {compared.LeftOut} were not "
                        + $"compared."
                ),
                $"speechgan audit --data {data} compares all of them."
            );
        return Judged(
            FindingOutcome.Rejected,
            0,
            0,
            "0 rejects",
            $"{compared.Compared} pairs of recordings of two parts were compared, and none is alike.",
            ""
        );
    }
}
