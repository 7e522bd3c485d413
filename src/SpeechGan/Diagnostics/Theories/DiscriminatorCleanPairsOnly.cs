using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>Where no sample has a score, the discriminator still steps, on clean pairs alone (fault F5): it drifts to a constant
/// 1.</summary>
public sealed class DiscriminatorCleanPairsOnly()
    : Theory(
        "discriminator-clean-pairs-only",
        Severity.Grave,
        "Does the discriminator step on batches that teach it nothing but (clean, clean) is 1?",
        "share of its steps on which no sample was scored",
        "a sound trainer makes no such step: 0; above 10 % confirms, as a training rate below 90 % no longer rejects starvation "
            + "(docs/architecture.md, Numbers)"
    )
{
    /// <summary>Above this percentage it is confirmed.</summary>
    public const int ConfirmedAbovePercent = 10;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        // What was taught is recorded by sample; older records know only whether a score was there to teach. A batch on which it was taught
        // a score that no sample measured is discriminator-targets' case.
        var known = Stepped(run).Any(s => s.Samples?.Any(x => x.Target is not null || x.DiscriminatorOfClean is not null) == true);
        long stepped = 0,
            empty = 0;
        int? since = null;
        foreach (var step in Stepped(run))
        {
            stepped++;
            if (step.Samples?.Any(x => x.Target is not null) != true && (known || step.Scored == 0))
            {
                empty++;
                since ??= step.Epoch;
            }
        }

        if (stepped == 0)
            return NotMeasured(
                run.Config is { HasDiscriminator: false }
                    ? "the run trains without a discriminator (loss.weights.gan is 0)"
                    : "no step of the discriminator is recorded"
            );

        if (empty == 0)
            return Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 % rejects",
                $"Each of the discriminator's {stepped} steps had a scored sample.",
                ""
            );

        var share = (double)empty / stepped;
        return Judged(
            empty * 100 > ConfirmedAbovePercent * stepped ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
            share,
            ConfirmedAbovePercent / 100.0,
            empty * 100 > ConfirmedAbovePercent * stepped ? $"above {ConfirmedAbovePercent} % confirms" : "above 0 % is suspected",
            Say(
                $"{empty} of the discriminator's {stepped} steps ({100 * share:0.#} %) taught it no score: nothing but "
                    + $"that clean speech is perfect, and it drifts to 1 for everything."
            ),
            "Let the discriminator step only where a sample has a score (metric.onFailure=mask does), or weight the clean term by the "
                + "number of scores.",
            since
        );
    }

    private static IEnumerable<StepRow> Stepped(RunRecord run) =>
        run.Rows.Where(s => s.DiscriminatorStepped == true && !s.ScoresUnavailable);
}
