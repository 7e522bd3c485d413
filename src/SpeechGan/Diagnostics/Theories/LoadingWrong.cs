using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// What was trained on is not what lies on the disk: the first batches are held against their files sample for sample, later ones by the
/// audit's measures of alignment, relation and level, which in a sound corpus a loader cannot worsen.
/// </summary>
public sealed class LoadingWrong()
    : Theory(
        "loading-wrong",
        Severity.Grave,
        "Does the loader give other samples than the files hold: moved, scaled, exchanged, of another utterance?",
        "share of the measured training samples whose sides do not belong together as loaded",
        "an identity for the first batches; for the rest the audit's own limits (docs/data.md), and a tenth of the samples, as in "
            + "data-faults"
    )
{
    /// <summary>Above this percentage of the samples it is confirmed.</summary>
    public const int ConfirmedAbovePercent = LoadedSamples.WrongAbovePercent;

    private const int Fewest = 20;
    private const string Action =
        "Repair what reads and cuts the files (src/SpeechGan/Data): the files themselves are the audit's matter (data-faults). "
        + "speechgan bisect commits finds the change.";

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var loaded = LoadedSamples.Of(run);
        if (loaded.Failed is { } failed)
            return Judged(
                FindingOutcome.Confirmed,
                1,
                ConfirmedAbovePercent / 100.0,
                "one loaded sample that is not its file's confirms",
                Say(
                    $"The {(failed.Name == LoadedSamples.Checks[0] ? "clean" : "noisy")} side of the first batches differs from the files "
                        + $"by up to {failed.Observed:G3} of full scale at the places that the record names."
                ),
                Action,
                1,
                [failed.Name]
            );
        if (loaded.Measured >= Fewest)
            return OfSamples(run, loaded);
        return loaded.EqualTheirFiles
            ? Cleared(0, "first batches that equal their files reject", "The first batches hold what their files hold, sample for sample.")
            : NotMeasured($"{loaded.Measured} loaded samples were measured, and {Fewest} are needed");
    }

    private Finding OfSamples(RunRecord run, LoadedSamples loaded)
    {
        var share = (double)loaded.Wrong.Count / loaded.Measured;
        var numbers =
            $"{loaded.Wrong.Count} of {loaded.Measured} measured training samples have sides that do not belong together as loaded";
        if (!loaded.ManyAreWrong)
            return Cleared(share, $"up to {ConfirmedAbovePercent} % rejects", $"{numbers}.");
        if (loaded.FilesAreAtFault)
            return Cleared(
                share,
                "such sides in first batches that equal their files reject",
                $"{numbers} ({loaded.Kinds}), {loaded.WrongAtStart} of {loaded.MeasuredAtStart} in the first batches, which equal their "
                    + "files sample for sample: the files are at fault (data-faults)."
            );
        var (soundFiles, files) = Files(run.Audit);
        return Judged(
            soundFiles ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
            share,
            ConfirmedAbovePercent / 100.0,
            soundFiles
                ? $"above {ConfirmedAbovePercent} % with sound files confirms"
                : $"above {ConfirmedAbovePercent} % without sound files is suspected",
            $"{numbers} ({loaded.Kinds}).{files}",
            Action,
            loaded.Wrong[0].Epoch,
            loaded.Wrong.Select(f => f.Name).Distinct().Take(Named)
        );
    }

    private Finding Cleared(double share, string rule, string sentence) =>
        Judged(FindingOutcome.Rejected, share, ConfirmedAbovePercent / 100.0, rule, sentence, "");

    private static (bool Sound, string InWords) Files(AuditReport? audit)
    {
        var inFiles = audit
            ?.Findings.Where(f => f is { Level: AuditLevel.Fault, Split: "train", Name: not null })
            .Select(f => f.Name)
            .Distinct()
            .Count()
            ?? 0;
        var files =
            audit is null ? " The files were not audited, so that the fault may be theirs."
            : inFiles > 0 ? $" The audit finds faults in {inFiles} training files too."
            : " The audit finds no fault in the files.";
        // Where the files are at fault (or may be), data-faults is the cause and this is its echo.
        var sound =
            audit is not null
            && inFiles * 100L <= ConfirmedAbovePercent * Math.Max(1, audit.Parts.Where(p => p.Split == "train").Sum(p => (long)p.Pairs));
        return (sound, files);
    }
}
