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
            return NotMeasured("the configuration of the run cannot be read");

        (string Network, int Epoch, double Rate, double Scheduled, double Factor)? worst = null;
        int? since = null;
        foreach (var step in run.Rows)
        {
            Held("generator", step.Epoch, step.GeneratorUpdate?.Rate, optimizer.GeneratorLearningRate);
            Held("discriminator", step.Epoch, step.DiscriminatorUpdate?.Rate, optimizer.DiscriminatorLearningRate);
        }

        if (worst is not { } most)
            return NotMeasured("no step recorded the rate that its optimiser held");

        var factor = most.Factor;
        return factor <= 1 + Rounding
            ? Judged(
                FindingOutcome.Rejected,
                1,
                1 + Rounding,
                "equality rejects",
                $"Both optimisers held the scheduled rate in all {run.Rows.Count} steps.",
                ""
            )
            : Judged(
                FindingOutcome.Confirmed,
                factor,
                1 + Rounding,
                "another rate confirms",
                Say(
                    $"The {most.Network}'s optimiser held a learning rate of {most.Rate:G4} in epoch {most.Epoch}, and the schedule "
                        + $"gives {most.Scheduled:G4}."
                ),
                "Look at what sets the optimisers' rates (src/SpeechGan/Training/Schedule.cs, Networks.cs); speechgan bisect commits "
                    + "finds the change.",
                since,
                [most.Network]
            );

        void Held(string network, int epoch, double? held, double initial)
        {
            if (held is not { } rate || !double.IsFinite(rate))
                return;

            var scheduled = Scheduled(initial, epoch, optimizer);
            var factor = Factor(rate, scheduled);
            since ??= factor > 1 + Rounding ? epoch : null;
            if (worst is null || factor > worst.Value.Factor)
                worst = (network, epoch, rate, scheduled, factor);
        }
    }

    private static double Scheduled(double initial, int epoch, OptimizerConfig optimizer) =>
        initial * Math.Pow(optimizer.DecayFactor, Math.Max(0, epoch - 1) / optimizer.DecayEpochs);

    private static double Factor(double a, double b)
    {
        double low = Math.Min(Math.Abs(a), Math.Abs(b)),
            high = Math.Max(Math.Abs(a), Math.Abs(b));
        if (high == 0)
            return 1;
        if (low == 0)
            return 1e9;
        return Math.Min(1e9, high / low);
    }
}
