using SpeechGan.Configuration;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The rate that an optimiser held when it stepped is not the one that the configuration and the epoch give.</summary>
public sealed class LearningRateNotApplied()
    : Theory(
        "learning-rate-not-applied",
        Severity.Grave,
        "Did an optimiser step at another learning rate than the configured schedule gives?",
        "largest factor between the rate an optimiser held and the schedule's",
        "an identity: the initial rate times optimizer.decayFactor for every optimizer.decayEpochs epochs that are over"
    )
{
    private const double Rounding = 1e-6;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (run.Config?.Optimizer is not { } optimizer)
        {
            return NotMeasured("the configuration of the run cannot be read");
        }

        var held = run
            .Steps.SelectMany(s =>
                new[]
                {
                    (
                        Network: "generator",
                        s.Epoch,
                        s.GeneratorUpdate?.Rate,
                        Scheduled: Scheduled(optimizer.GeneratorLearningRate, s.Epoch, optimizer)
                    ),
                    (
                        Network: "discriminator",
                        s.Epoch,
                        s.DiscriminatorUpdate?.Rate,
                        Scheduled: Scheduled(optimizer.DiscriminatorLearningRate, s.Epoch, optimizer)
                    ),
                }
            )
            .Where(r => r.Rate is { } rate && double.IsFinite(rate))
            .ToList();
        if (held.Count == 0)
        {
            return NotMeasured("no step recorded the rate that its optimiser held");
        }

        var worst = held.MaxBy(h => Factor(h.Rate!.Value, h.Scheduled));
        var factor = Factor(worst.Rate!.Value, worst.Scheduled);
        return factor <= 1 + Rounding
            ? Judged(
                FindingOutcome.Rejected,
                1,
                1 + Rounding,
                "equality rejects",
                $"Both optimisers held the scheduled rate in all {run.Steps.Count} steps.",
                ""
            )
            : Judged(
                FindingOutcome.Confirmed,
                factor,
                1 + Rounding,
                "another rate confirms",
                Say(
                    $"The {worst.Network}'s optimiser held a learning rate of {worst.Rate:G4} in epoch {worst.Epoch}, and the schedule "
                        + $"gives {worst.Scheduled:G4}."
                ),
                "Look at what sets the optimisers' rates (src/SpeechGan/Training/Schedule.cs, Networks.cs); speechgan bisect commits "
                    + "finds the change.",
                held.First(h => Factor(h.Rate!.Value, h.Scheduled) > 1 + Rounding).Epoch,
                [worst.Network]
            );
    }

    private static double Scheduled(double initial, int epoch, OptimizerConfig optimizer) =>
        initial * Math.Pow(optimizer.DecayFactor, Math.Max(0, epoch - 1) / optimizer.DecayEpochs);

    private static double Factor(double a, double b)
    {
        double low = Math.Min(Math.Abs(a), Math.Abs(b)),
            high = Math.Max(Math.Abs(a), Math.Abs(b));
        return high == 0 ? 1
            : low == 0 ? 1e9
            : Math.Min(1e9, high / low);
    }
}
