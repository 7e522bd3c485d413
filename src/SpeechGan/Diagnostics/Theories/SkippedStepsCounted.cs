using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>Steps that the discriminator did not take are logged as a loss of 0 and averaged in (fault F9): its loss looks better when PESQ
/// fails.</summary>
public sealed class SkippedStepsCounted()
    : Theory(
        "skipped-steps-counted",
        Severity.Serious,
        "Do steps that were not taken enter the discriminator's mean loss, or its counts?",
        "largest relative distance of an epoch's discriminator loss from that of the steps it took",
        "an identity: the mean is that of the steps taken; 1e-9 is rounding; fault F9"
    )
{
    /// <summary>Largest relative distance that is rounding.</summary>
    public const double Rounding = 1e-9;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        const string action = "Leave steps that were not taken out of every mean: no loss is not a loss of 0.";
        var zeros = run.Rows.Where(s => s.DiscriminatorStepped == false && s.DiscriminatorLoss is not null);
        if (zeros.Count() is > 0 and var count)
        {
            var first = zeros.First();
            return Judged(
                FindingOutcome.Confirmed,
                1,
                Rounding,
                "a loss of a step that was not taken confirms",
                Say(
                    $"{count} steps on which the discriminator did not step have a loss all the same, "
                        + $"{first.DiscriminatorLoss:G3} in step {first.Step}."
                ),
                action,
                first.Epoch
            );
        }

        var steps = run.Rows.Epochs.ToDictionary(e => e.Epoch, e => e.Count);
        double worst = -1;
        foreach (var epoch in run.Epochs.Where(e => steps.GetValueOrDefault(e.Epoch) == e.BatchesSeen && e.BatchesSeen > 0))
        {
            double sum = 0,
                weight = 0;
            foreach (var step in run.Rows.Of(epoch.Epoch).Where(s => s is { DiscriminatorStepped: true, DiscriminatorLoss: not null }))
            {
                sum += step.DiscriminatorLoss!.Value * (step.SampleCount ?? 1);
                weight += step.SampleCount ?? 1;
            }

            var stepped = run.Rows.Of(epoch.Epoch).Count(s => s.DiscriminatorStepped == true);
            double? own = weight > 0 ? sum / weight : null;
            var distance =
                own is null && epoch.DiscriminatorLoss is null ? 0
                : own is { } o && epoch.DiscriminatorLoss is { } said ? Math.Abs(said - o) / Math.Max(Math.Abs(o), double.Epsilon)
                : 1;
            worst = Math.Max(worst, Math.Min(distance, 1e9));
            if (distance > Rounding || stepped != epoch.BatchesStepped)
                return Judged(
                    FindingOutcome.Confirmed,
                    worst,
                    Rounding,
                    "a mean or count that is not that of the steps taken confirms",
                    Say(
                        $"Epoch {epoch.Epoch} has a discriminator loss of "
                            + $"{epoch.DiscriminatorLoss?.ToString("G4", System.Globalization.CultureInfo.InvariantCulture) ?? "none"} "
                            + $"over "
                            + $"{epoch.BatchesStepped} steps; the {stepped} steps it took have a mean of "
                            + $"{own?.ToString("G4", System.Globalization.CultureInfo.InvariantCulture) ?? "none"}."
                    ),
                    action,
                    epoch.Epoch
                );
        }

        return worst < 0
            ? NotMeasured("no epoch has both its own line and all of its steps")
            : Judged(
                FindingOutcome.Rejected,
                worst,
                Rounding,
                Say($"up to {Rounding:0e-0} rejects"),
                "The discriminator's mean losses are those of the steps it took.",
                ""
            );
    }
}
