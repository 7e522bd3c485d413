using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The batches come in the same order in every epoch (fault F2: a sampler that is never told the epoch).</summary>
public sealed class OrderRepeated()
    : Theory(
        "order-repeated",
        Severity.Serious,
        "Is the order of the training batches the same in every epoch?",
        "probability that the epochs that repeat the order of the one before do so by chance",
        "1 / n! for an epoch of n samples; below 0.001 a chance is no explanation; fault F2"
    )
{
    /// <summary>Below this probability it is confirmed.</summary>
    public const double ConfirmedBelow = 0.001;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var epochs = run
            .Steps.Where(s => s.Samples is not null)
            .GroupBy(s => s.Epoch)
            .OrderBy(g => g.Key)
            .Select(g => (Epoch: g.Key, Names: g.OrderBy(s => s.Step).SelectMany(s => s.Samples!).Select(s => s.Name).ToList()))
            .ToList();
        // The last epoch may not be over: as far as it goes it can be compared.
        var pairs = epochs
            .Zip(epochs.Skip(1))
            .Select(p => (p.Second.Epoch, Length: Math.Min(p.First.Names.Count, p.Second.Names.Count), p.First, p.Second))
            .Where(p => p.Length > 0)
            .ToList();
        if (pairs.Count == 0)
        {
            return NotMeasured("the samples of fewer than two epochs are recorded");
        }

        var repeated = pairs
            .Where(p => p.First.Names.Take(p.Length).SequenceEqual(p.Second.Names.Take(p.Length), StringComparer.Ordinal))
            .ToList();
        if (repeated.Count == 0)
        {
            return Judged(
                FindingOutcome.Rejected,
                1,
                ConfirmedBelow,
                "an order that changes rejects",
                $"Each of {epochs.Count} epochs has an order of its own.",
                ""
            );
        }

        // Names that come more than once in an epoch (files mixed in) make the chance larger: only different ones count.
        var logChance = repeated.Sum(p => -LogFactorial(p.First.Names.Take(p.Length).Distinct(StringComparer.Ordinal).Count()));
        var chance = Math.Exp(logChance);
        var sentence = Say(
            $"{repeated.Count} of {pairs.Count} epochs see the samples in the order of the epoch before (by chance: "
                + $"{(chance < 1e-9 ? "below 1e-9" : chance.ToString("G2", System.Globalization.CultureInfo.InvariantCulture))}), first "
                + $"epoch {repeated[0].Epoch}."
        );
        const string action = "Draw a new order each epoch (--set data.shuffle=each-epoch); a sampler must be told the epoch.";
        return chance < ConfirmedBelow && 2 * repeated.Count > pairs.Count
            ? Judged(
                FindingOutcome.Confirmed,
                chance,
                ConfirmedBelow,
                Say($"a chance below {ConfirmedBelow} in more than half of the epochs confirms"),
                sentence,
                action,
                repeated[0].Epoch
            )
            : Judged(
                FindingOutcome.Inconclusive,
                chance,
                ConfirmedBelow,
                Say($"a chance of {ConfirmedBelow} and more, or few such epochs, is inconclusive"),
                sentence,
                action,
                repeated[0].Epoch
            );
    }

    private static double LogFactorial(int n)
    {
        double sum = 0;
        for (var i = 2; i <= n; i++)
        {
            sum += Math.Log(i);
        }

        return sum;
    }
}
