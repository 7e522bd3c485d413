using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The corpus itself is at fault, as its audit says.</summary>
public sealed class DataFaults()
    : Theory(
        "data-faults",
        Severity.Serious,
        "Is something wrong with the corpus: silence, clipping, misaligned or swapped pairs, copies between parts, wrong rates?",
        "share of the corpus' pairs with a fault",
        "the audit's own limits (docs/data.md); more than a tenth of the pairs confirms, by the same rule of ten as a training rate "
            + "below 90 %, and so does one copy between parts"
    )
{
    /// <summary>Above this percentage of the pairs it is confirmed.</summary>
    public const int ConfirmedAbovePercent = 10;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (run.Audit is not { } audit)
            return NotMeasured("the corpus was not audited (speechgan audit --data DIR; diagnose does it where the folder is still there)");

        var pairs = audit.Parts.Sum(p => p.Pairs);
        // Recordings that are alike have a theory of their own.
        var faults = audit.Findings.Where(f => f.Level == AuditLevel.Fault && f.Kind != AuditLikeness.Kind).ToList();
        var again = $"speechgan audit --data {NextCommand.DataOf(run)}";
        var loaded = LoadedSamples.AgainstFiles(run);
        if (faults.Count == 0 && loaded is not null)
            return Judged(
                FindingOutcome.Suspected,
                (double)loaded.Wrong.Count / loaded.Measured,
                ConfirmedAbovePercent / 100.0,
                "samples that equal their files and do not belong together are suspected where the audit finds nothing",
                $"The audit of {pairs} pairs found no fault. {AsLoaded(loaded)}",
                "Listen to these utterances: the audit compares the first seconds of each file, and training cuts come from all of it.",
                loaded.Wrong[0].Epoch,
                loaded.Wrong.Select(f => f.Name).Distinct().Take(Named)
            );
        if (faults.Count == 0)
        {
            if (pairs == 0)
                return NotMeasured("the audited corpus holds no pair");
            if (audit.LeftOut > 0)
                return Judged(
                    FindingOutcome.Inconclusive,
                    0,
                    ConfirmedAbovePercent / 100.0,
                    "pairs that were not read leave it open",
                    $"The audit of {pairs} pairs found no fault, but {audit.LeftOut} pairs were not read before training.",
                    $"{again} reads all of them."
                );
            return Judged(
                FindingOutcome.Rejected,
                0,
                ConfirmedAbovePercent / 100.0,
                "0 % rejects",
                $"The audit of {pairs} pairs found no fault.",
                ""
            );
        }
        var hit = faults.Select(f => (f.Split, f.Name)).Distinct().Count();
        var all = Math.Max(pairs, hit);
        var leaks = faults.Count(f => f.Kind == "leak");
        var many = hit * 100L > ConfirmedAbovePercent * (long)all;
        var confirmed = leaks > 0 || many || loaded is not null;
        var kinds = string.Join(
            ", ",
            faults
                .GroupBy(f => f.Kind)
                .OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => $"{g.Key} x{g.Count()}")
        );
        return Judged(
            confirmed ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
            (double)hit / all,
            ConfirmedAbovePercent / 100.0,
            leaks > 0 ? "a copy between parts confirms"
                : many ? $"above {ConfirmedAbovePercent} % of the pairs confirms"
                : confirmed ? $"above {ConfirmedAbovePercent} % of the loaded samples, which equal their files, confirms"
                : "above 0 % is suspected",
            $"{hit} of {all} pairs have a fault ({kinds}). {faults[0].Sentence}{(loaded is null ? "" : " " + AsLoaded(loaded))}",
            $"{again} --all lists them; repair or take out these pairs, and train again.",
            null,
            faults.Take(50).Select(f => f.Name is null ? f.Split : $"{f.Split}/{f.Name}: {f.Kind}")
        );
    }

    private static string AsLoaded(LoadedSamples loaded) =>
        $"{loaded.Wrong.Count} of {loaded.Measured} loaded training samples have sides that do not belong together ({loaded.Kinds}), "
        + "and the first batches equal their files sample for sample.";
}
