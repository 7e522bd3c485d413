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
    public const int ConfirmedAbovePercent = 10;

    private const int Fewest = 20;
    private static readonly string[] Checks = ["loaded/clean", "loaded/noisy"];

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        const string action =
            "Repair what reads and cuts the files (src/SpeechGan/Data): the files themselves are the audit's matter (data-faults). "
            + "speechgan bisect commits finds the change.";
        var checks = run.Oracles.Where(o => o is { Observed: not null } && Checks.Contains(o.Name)).ToList();
        if (checks.FirstOrDefault(c => c.Holds == false) is { } failed)
            return Judged(
                FindingOutcome.Confirmed,
                1,
                ConfirmedAbovePercent / 100.0,
                "one loaded sample that is not its file's confirms",
                Say(
                    $"The {(failed.Name == Checks[0] ? "clean" : "noisy")} side of the first batches differs from the files by up to "
                        + $"{failed.Observed:G3} of full scale at the places that the record names."
                ),
                action,
                1,
                [failed.Name]
            );

        var (measured, faults) = Faults(run);
        if (measured < Fewest)
            return checks.Count > 0
                ? Judged(
                    FindingOutcome.Rejected,
                    0,
                    ConfirmedAbovePercent / 100.0,
                    "first batches that equal their files reject",
                    "The first batches hold what their files hold, sample for sample.",
                    ""
                )
                : NotMeasured($"{measured} loaded samples were measured, and {Fewest} are needed");

        var share = (double)faults.Count / measured;
        var kinds = string.Join(", ", faults.GroupBy(f => f.Kind).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} x{g.Count()}"));
        var (soundFiles, files) = Files(run.Audit);
        var numbers = $"{faults.Count} of {measured} measured training samples have sides that do not belong together as loaded";
        return faults.Count * 100L > (long)ConfirmedAbovePercent * measured
            ? Judged(
                soundFiles ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
                share,
                ConfirmedAbovePercent / 100.0,
                soundFiles
                    ? $"above {ConfirmedAbovePercent} % with sound files confirms"
                    : $"above {ConfirmedAbovePercent} % without sound files is suspected",
                $"{numbers} ({kinds}).{files}",
                action,
                faults[0].Epoch,
                faults.Select(f => f.Name).Distinct().Take(Named)
            )
            : Judged(
                FindingOutcome.Rejected,
                share,
                ConfirmedAbovePercent / 100.0,
                $"up to {ConfirmedAbovePercent} % rejects",
                $"{numbers}.",
                ""
            );
    }

    private static (int Measured, List<(int Epoch, string Name, string Kind)> Faults) Faults(RunRecord run)
    {
        var measured = 0;
        var faults = new List<(int Epoch, string Name, string Kind)>();
        foreach (var step in run.Rows)
        {
            foreach (var sample in step.Samples ?? [])
            {
                if (sample is not { Input: { } input, Masked: null })
                    continue;

                measured++;
                if (Fault(input) is { } kind)
                    faults.Add((step.Epoch, sample.Name, kind));
            }
        }

        return (measured, faults);
    }

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

    private static string? Fault(SampleInput input) =>
        input switch
        {
            { Correlation: { } c } when c < AuditLimits.Unrelated => "unrelated",
            { Correlation: { } c, Unshifted: { } u, Lag: { } lag }
                when Math.Abs(lag) > AuditLimits.Lag * AuditLimits.SampleRate && c > AuditLimits.LagGain * u => "misaligned",
            { RangeGained: > AuditLimits.ExchangedDecibels } => "exchanged",
            { Correlation: > 1 - 1e-9, CleanLevel: var c, NoisyLevel: var n } when c == n => "identical",
            _ when Math.Abs(input.CleanMean) > Math.Max(AuditLimits.Offset, AuditLimits.OffsetOfLevel * input.CleanLevel) => "offset",
            _ when Math.Abs(input.NoisyMean) > Math.Max(AuditLimits.Offset, AuditLimits.OffsetOfLevel * input.NoisyLevel) => "offset",
            _ => null,
        };
}
