using SpeechGan.Runs;
using SpeechGan.Runs.Rows;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// Weights move farther than AdamW can move them at the rate it holds, or move in a step that was not taken: something else writes into
/// them, the step is taken more than once, or the optimiser is another one.
/// </summary>
public sealed class UpdateTooLarge()
    : Theory(
        "update-too-large",
        Severity.Grave,
        "Do weights move farther than their optimiser can move them at its rate, or without a step?",
        "largest median over an epoch of the update over (learning rate times root of the parameters)",
        "AdamW's update of a parameter cannot exceed (1 - beta1) / sqrt(1 - beta2) = 3.2 rates (Kingma and Ba, 2015, section 2.1); "
            + "runs without the fault lay at 1.0 and below (docs/diagnosis.md, Healthy spreads)"
    )
{
    /// <summary>Above this ratio it is confirmed.</summary>
    public const double ConfirmedAbove = 3.2;

    /// <summary>Above this ratio it is suspected.</summary>
    public const double SuspectedAbove = 1.5;

    private const string Action =
        "Look for what writes into weights beside the optimiser, for a step that is taken more than once, and at how the optimiser "
        + "is made (src/SpeechGan/Training); speechgan bisect commits finds the change.";

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (Written(run) is { } written)
            return written;

        var largest = Epochs("generator", run, s => s.GeneratorUpdate)
            .Concat(Epochs("discriminator", run, s => s.DiscriminatorStepped == true ? s.DiscriminatorUpdate : null))
            .ToList();
        if (largest.Count == 0)
            return NotMeasured("no step recorded what it did to the weights");

        var (network, epoch, ratio) = largest.MaxBy(l => l.Ratio);
        var numbers = Say(
            $"The {network}'s update is {ratio:F2} of AdamW's size in epoch {epoch} (median of the epoch's steps, the largest there was)"
        );
        if (ratio > ConfirmedAbove)
            return Judged(
                FindingOutcome.Confirmed,
                ratio,
                ConfirmedAbove,
                Say($"above {ConfirmedAbove} confirms"),
                $"{numbers}: no AdamW at this rate moves so far.",
                Action,
                epoch,
                [network]
            );
        if (ratio > SuspectedAbove)
            return Judged(
                FindingOutcome.Suspected,
                ratio,
                SuspectedAbove,
                Say($"above {SuspectedAbove} is suspected"),
                $"{numbers}.",
                Action,
                epoch,
                [network]
            );
        return Judged(FindingOutcome.Rejected, ratio, SuspectedAbove, Say($"up to {SuspectedAbove} rejects"), $"{numbers}.", "");
    }

    // Weights that moved without a step, or between two of them.
    private Finding? Written(RunRecord run)
    {
        var secret = run.Rows.Where(s => s.DiscriminatorStepped == false && s.DiscriminatorUpdate?.Norm > 0);
        if (secret.Count() is > 0 and var moved)
            return Judged(
                FindingOutcome.Confirmed,
                moved,
                0,
                "a discriminator that moves without a step confirms",
                $"The discriminator's weights moved in {moved} steps that it did not take.",
                Action,
                secret.First().Epoch,
                ["discriminator"]
            );

        foreach (
            var (written, update) in new (string, Func<StepRow, UpdateRow?>)[]
            {
                ("generator", s => s.GeneratorUpdate),
                ("discriminator", s => s.DiscriminatorUpdate),
            }
        )
        {
            var steps = run.Rows.Where(s => update(s)?.ChangedBefore == true);
            if (steps.Count() is > 0 and var times)
            {
                var first = steps.First();
                return Judged(
                    FindingOutcome.Confirmed,
                    times,
                    0,
                    "weights that change between two steps confirm",
                    $"The {written}'s weights changed between two steps {times} times, first before step {first.Step}: "
                        + $"something other than its optimiser writes into them.",
                    Action,
                    first.Epoch,
                    [written]
                );
            }
        }

        return null;
    }

    private static IEnumerable<(string Network, int Epoch, double Ratio)> Epochs(
        string network,
        RunRecord run,
        Func<StepRow, UpdateRow?> update
    ) =>
        run
            .Rows.Epochs.Select(e =>
                (
                    e.Epoch,
                    Ratios: run.Rows.Of(e.Epoch)
                        .Select(s => update(s)?.Relative)
                        .Where(r => r is { } ratio && double.IsFinite(ratio))
                        .Select(r => Math.Min(1e9, r!.Value))
                        .ToList()
                )
            )
            .Where(e => e.Ratios.Count > 0)
            .Select(e => (network, e.Epoch, Trend.Median(e.Ratios)));
}
