using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The generator's gradient grows or dies over the run, by its own measure at the beginning.</summary>
public sealed class GradientsUnstable() : Theory(
    "gradients-unstable", Severity.Serious,
    "Does the generator's or the discriminator's gradient explode or vanish?",
    "largest factor between an epoch's median gradient norm and the first epoch's, either way",
    "within a run without the fault the medians stayed within a factor of 6 (docs/diagnosis.md, Healthy spreads); ten is suspected, a hundred confirms; a norm of 0 passes nothing on")
{
    /// <summary>From this factor on it is confirmed.</summary>
    public const double ConfirmedFrom = 100;

    /// <summary>From this factor on it is suspected.</summary>
    public const double SuspectedFrom = 30;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var worst = new[] { Of("generator", run, g => g.Generator), Of("discriminator", run, g => g.Discriminator) }.OfType<Change>().MaxBy(c => c.Factor);
        if (worst is null)
        {
            return NotMeasured("gradient norms of fewer than two epochs, or two halves of one, are recorded");
        }

        var grows = worst.Last >= worst.First;
        var numbers = Say($"The {worst.Network}'s median gradient norm went from {worst.First:G3} to {worst.Last:G3} in epoch {worst.Epoch}");
        var action = grows
            ? "Set optimizer.gradientClip, or lower the learning rate of that network."
            : "Look for a saturated output, a loss that is at its floor, or a network that is cut off from the loss.";
        return worst.Factor >= ConfirmedFrom ? Judged(FindingOutcome.Confirmed, worst.Factor, ConfirmedFrom, "a factor of 100 and more confirms", $"{numbers}: it {(grows ? "explodes" : "vanishes")}.", action, worst.Epoch)
            : worst.Factor >= SuspectedFrom ? Judged(FindingOutcome.Suspected, worst.Factor, SuspectedFrom, "a factor of 30 and more is suspected", $"{numbers}.", action, worst.Epoch)
            : Judged(FindingOutcome.Rejected, worst.Factor, SuspectedFrom, "a factor below 30 rejects", Say($"{numbers}, the largest change there was: a factor of {worst.Factor:0.#}."), "");
    }

    private static Change? Of(string network, RunRecord run, Func<GradientNorms, double?> norm)
    {
        var steps = run.Steps.Select(s => (s.Epoch, Norm: s.GradientNorm is { } g ? norm(g) : null)).Where(s => s.Norm is >= 0 and < double.PositiveInfinity).Select(s => (s.Epoch, Norm: s.Norm!.Value)).ToList();
        var epochs = steps.GroupBy(s => s.Epoch).OrderBy(g => g.Key).Select(g => (Epoch: g.Key, Median: Trend.Median([.. g.Select(s => s.Norm)]))).ToList();
        if (epochs.Count == 1 && steps.Count >= 4)
        {
            // Within the first epoch: its second half against its first.
            var half = steps.Count / 2;
            epochs = [(epochs[0].Epoch, Trend.Median([.. steps.Take(half).Select(s => s.Norm)])), (epochs[0].Epoch, Trend.Median([.. steps.Skip(half).Select(s => s.Norm)]))];
        }

        if (epochs.Count < 2)
        {
            return null;
        }

        var first = epochs[0].Median;
        return epochs.Skip(1).Select(e => new Change(network, e.Epoch, first, e.Median, Factor(first, e.Median))).MaxBy(c => c.Factor);
    }

    // A factor that can be written down: nothing vanishes further than to a billionth.
    private static double Factor(double a, double b)
    {
        double low = Math.Min(a, b), high = Math.Max(a, b);
        return high == 0 ? ConfirmedFrom : Math.Min(1e9, low == 0 ? 1e9 : high / low);
    }

    private sealed record Change(string Network, int Epoch, double First, double Last, double Factor);
}
