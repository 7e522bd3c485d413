using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The generator's gradient grows or dies over the run, by its own measure at the beginning.</summary>
public sealed class GradientsUnstable()
    : Theory(
        "gradients-unstable",
        Severity.Serious,
        "Does the generator's or the discriminator's gradient explode or vanish?",
        "largest factor between an epoch's median gradient norm and the first epoch's, either way",
        "in runs without the fault the medians grew by no more than a factor of 3 and fell by up to 21, the discriminator's, as it "
            + "learns (docs/diagnosis.md, Healthy spreads): growth of 30 is suspected and of 100 confirms, a fall to a hundredth is "
            + "suspected and to a thousandth confirms"
    )
{
    /// <summary>Growth from which on it is suspected.</summary>
    public const double GrowthSuspected = 30;

    /// <summary>Growth from which on it is confirmed.</summary>
    public const double GrowthConfirmed = 100;

    /// <summary>Fall from which on it is suspected.</summary>
    public const double FallSuspected = 100;

    /// <summary>Fall from which on it is confirmed.</summary>
    public const double FallConfirmed = 1000;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var worst = new[] { Of("generator", run, g => g.Generator), Of("discriminator", run, g => g.Discriminator) }
            .OfType<Change>()
            .MaxBy(c => c.Weight);
        if (worst is null)
            return NotMeasured("gradient norms of fewer than two epochs, or two halves of one, are recorded");

        var grows = worst.Last >= worst.First;
        var (suspected, confirmed) = grows ? (GrowthSuspected, GrowthConfirmed) : (FallSuspected, FallConfirmed);
        var numbers = Say(
            $"The {worst.Network}'s median gradient norm went from {worst.First:G3} to {worst.Last:G3} in epoch {worst.Epoch}"
        );
        var action = grows
            ? $"Lower the learning rate of that network ({NextCommand.LowerRate(run.Config, worst.Network == "discriminator")}), or "
                + $"set optimizer.gradientClip."
            : "Look for a saturated output, a loss that is at its floor, or a network that is cut off from the loss.";
        if (worst.Factor >= confirmed)
            return Judged(
                FindingOutcome.Confirmed,
                worst.Factor,
                confirmed,
                Say($"a factor of {confirmed} and more confirms"),
                $"{numbers}: it {(grows ? "explodes" : "vanishes")}.",
                action,
                worst.Epoch
            );
        if (worst.Factor >= suspected)
            return Judged(
                FindingOutcome.Suspected,
                worst.Factor,
                suspected,
                Say($"a factor of {suspected} and more is suspected"),
                $"{numbers}.",
                action,
                worst.Epoch
            );
        return Judged(
            FindingOutcome.Rejected,
            worst.Factor,
            suspected,
            Say($"a factor below {suspected} rejects"),
            Say($"{numbers}, the largest change there was: a factor of {worst.Factor:0.#}."),
            ""
        );
    }

    private static Change? Of(string network, RunRecord run, Func<GradientNorms, double?> norm)
    {
        List<double> Norms(int epoch) =>
            [
                .. run
                    .Rows.Of(epoch)
                    .Select(s => s.GradientNorm is { } g ? norm(g) : null)
                    .Where(n => n is >= 0 and < double.PositiveInfinity)
                    .Select(n => n!.Value),
            ];
        var epochs = run
            .Rows.Epochs.Select(e => e.Epoch)
            .Order()
            .Select(e => (Epoch: e, Norms: Norms(e)))
            .Where(e => e.Norms.Count > 0)
            .Select(e => (e.Epoch, e.Norms.Count, Median: Trend.Median(e.Norms)))
            .ToList();
        if (epochs is [{ Count: >= 4 } only])
        {
            // Within the first epoch: its second half against its first.
            var steps = Norms(only.Epoch);
            var half = steps.Count / 2;
            epochs =
            [
                (only.Epoch, half, Trend.Median([.. steps.Take(half)])),
                (only.Epoch, steps.Count - half, Trend.Median([.. steps.Skip(half)])),
            ];
        }

        if (epochs.Count < 2)
            return null;

        var first = epochs[0].Median;
        return epochs.Skip(1).Select(e => new Change(network, e.Epoch, first, e.Median, Factor(first, e.Median))).MaxBy(c => c.Weight);
    }

    // A factor that can be written down: nothing vanishes further than to a billionth.
    private static double Factor(double a, double b)
    {
        double low = Math.Min(a, b),
            high = Math.Max(a, b);
        return high == 0 ? 1 : Math.Min(1e9, low == 0 ? 1e9 : high / low);
    }

    private sealed record Change(string Network, int Epoch, double First, double Last, double Factor)
    {
        // As far as its own direction allows.
        public double Weight => Factor / (Last >= First ? GrowthConfirmed : FallConfirmed);
    }
}
