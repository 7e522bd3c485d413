using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The generator puts out silence: PESQ has no value for it (fault F20, NaN with error code 0 in the published scorers).</summary>
public sealed class GeneratorSilent()
    : Theory(
        "generator-silent",
        Severity.Grave,
        "Has the generator collapsed to silence?",
        "share of an epoch's training samples whose estimate is silent or constant while the clean side is not",
        "a sound generator makes none: 0; above 20 %, the share of skipped batches that makes starvation suspected, confirms "
            + "(docs/architecture.md, Numbers)"
    )
{
    /// <summary>Above this percentage of an epoch's samples it is confirmed.</summary>
    public const int ConfirmedAbovePercent = 20;

    private static readonly UnscorableReason[] Reasons = [UnscorableReason.SilentDegraded, UnscorableReason.ConstantDegraded];

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var epochs = run
            .Rows.Epochs.OrderBy(e => e.Epoch)
            .Select(e =>
            {
                var own = run.Rows.Of(e.Epoch).Where(s => !s.ScoresUnavailable);
                return (e.Epoch, Samples: own.Sum(s => (long)(s.SampleCount ?? 0)), Silent: Silent(own).Sum(r => r.Count));
            })
            .Where(e => e.Samples > 0)
            .ToList();
        if (epochs.Count == 0)
            return NotMeasured("no training sample was scored or refused");

        var silent = epochs.Sum(e => e.Silent);
        if (silent == 0)
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 % rejects",
                $"No estimate of {epochs.Sum(e => e.Samples)} training samples was silent.",
                ""
            );

        var worst = epochs.MaxBy(e => (double)e.Silent / e.Samples);
        var confirmed = worst.Silent * 100 > ConfirmedAbovePercent * worst.Samples;
        var finding = Judged(
            confirmed ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
            (double)worst.Silent / worst.Samples,
            ConfirmedAbovePercent / 100.0,
            confirmed ? $"above {ConfirmedAbovePercent} % of an epoch confirms" : "above 0 % is suspected",
            Say(
                $"{silent} estimates were silent although their clean side was not, {worst.Silent} of {worst.Samples} in epoch "
                    + $"{worst.Epoch}: the generator has collapsed{(confirmed ? "" : " for some signals")}, and these samples teach the "
                    + $"discriminator nothing."
            ),
            $"Train with a lower learning rate ({NextCommand.LowerRate(run.Config)}), or set optimizer.gradientClip.",
            epochs.First(e => e.Silent > 0).Epoch
        );
        return finding with { Reasons = [.. Silent(run.Rows)] };
    }

    private static IEnumerable<ReasonCount> Silent(IEnumerable<StepRow> steps) =>
        ReasonCount.Of(steps.SelectMany(s => s.Masked)).Where(r => Reasons.Contains(r.Reason));
}
