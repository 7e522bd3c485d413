using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// The clean signal leaks into the estimate (fault F6: rebuilt with the clean real part, then scored). The identity "another clean signal,
/// the same estimate" confirms it; training scores far above validation merely suggest it.
/// </summary>
public sealed class LabelLeak()
    : Theory(
        "label-leak",
        Severity.Grave,
        "Does the clean signal leak into the estimate that is compared and scored in training?",
        "largest change of the estimate when the clean signal is replaced by its reverse",
        "an identity: it is exactly 0, the same arithmetic on the same noisy signal; fault F6. Suspicion: training PESQ above "
            + "validation PESQ by more than 1, where runs without the fault lay below +0.2 (docs/diagnosis.md, Healthy spreads)"
    )
{
    internal static readonly string[] Checks = ["clean-reversed/estimate", "clean-reversed/signal"];

    /// <summary>Training PESQ above validation PESQ by more than this is suspected.</summary>
    public const double SuspectedAbove = 1.0;

    private const int Fewest = 20;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        const string action = "Rebuild the signal from the estimate's own real and imaginary parts before it is compared or scored.";
        var checks = run.Oracles.Where(o => Checks.Contains(o.Name) && o is { Observed: not null }).ToList();
        if (checks.FirstOrDefault(o => o.Holds == false) is { } failed)
            return Judged(
                FindingOutcome.Confirmed,
                failed.Observed!.Value,
                failed.Allowed,
                "above 0 confirms",
                Say(
                    $"The estimate moved by {failed.Observed:G3} when nothing but the clean signal was changed ({failed.Name}): the "
                        + $"discriminator's targets and the losses are those of a signal that inference cannot have."
                ),
                action,
                1
            );

        if (Gap(run) is { } gap && gap > SuspectedAbove)
            return Judged(
                FindingOutcome.Suspected,
                gap,
                SuspectedAbove,
                Say($"training PESQ above validation PESQ by more than {SuspectedAbove} is suspected"),
                Say(
                    $"Training estimates score {gap:F2} PESQ above validation, "
                        + $"{(checks.Count > 0 ? "although the identity held before training" : "and the identity was not checked")}: "
                        + $"what is scored in training may be another signal than what is used."
                ),
                action
            );

        return checks.Count == 0
            ? NotMeasured("the reconstruction check of a leak was not made")
            : Judged(
                FindingOutcome.Rejected,
                checks.Max(c => c.Observed!.Value),
                0,
                "0 rejects",
                "With another clean signal the estimate is the same, bit for bit.",
                ""
            );
    }

    private static double? Gap(RunRecord run)
    {
        var last = ValidationHistory.Of(run) is [.., var point] ? point : null;
        var training = (last is null ? [] : run.Rows.Of(last.Epoch))
            .SelectMany(s => s.Samples ?? [])
            .Where(s => s.Pesq is not null)
            .Select(s => s.Pesq!.Value)
            .ToList();
        return last is null || training.Count < Fewest ? null : training.Average() - last.Pesq;
    }
}
