using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

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
        var (epochs, pairs, repeated) = (0, 0, 0);
        double logChance = 0;
        int? since = null;
        List<string> before = [];
        foreach (var epoch in run.Rows.Epochs.Select(e => e.Epoch).Order())
        {
            List<StepRow> steps = [.. run.Rows.Of(epoch).Where(s => s.Samples is not null).OrderBy(s => s.Step)];
            if (steps.Count == 0)
                continue;

            List<string> names = [.. steps.SelectMany(s => s.Samples!).Select(s => s.Name)];
            // The last epoch may not be over: as far as it goes it can be compared.
            var length = epochs++ == 0 ? 0 : Math.Min(before.Count, names.Count);
            if (length > 0)
            {
                pairs++;
                if (before.Take(length).SequenceEqual(names.Take(length), StringComparer.Ordinal))
                {
                    repeated++;
                    since ??= epoch;
                    // Names that come more than once in an epoch (files mixed in) make the chance larger: only different ones count.
                    logChance += -LogFactorial(before.Take(length).Distinct(StringComparer.Ordinal).Count());
                }
            }

            before = names;
        }

        if (pairs == 0)
            return NotMeasured("the samples of fewer than two epochs are recorded");

        if (repeated == 0)
            return Judged(
                FindingOutcome.Rejected,
                1,
                ConfirmedBelow,
                "an order that changes rejects",
                $"Each of {epochs} epochs has an order of its own.",
                ""
            );

        var chance = Math.Exp(logChance);
        var sentence = Say(
            $"{repeated} of {pairs} epochs see the samples in the order of the epoch before (by chance: "
                + $"{(chance < 1e-9 ? "below 1e-9" : chance.ToString("G2", System.Globalization.CultureInfo.InvariantCulture))}), first "
                + $"epoch {since}."
        );
        const string action = "Draw a new order each epoch (--set data.shuffle=each-epoch); a sampler must be told the epoch.";
        return chance < ConfirmedBelow && 2 * repeated > pairs
            ? Judged(
                FindingOutcome.Confirmed,
                chance,
                ConfirmedBelow,
                Say($"a chance below {ConfirmedBelow} in more than half of the epochs confirms"),
                sentence,
                action,
                since
            )
            : Judged(
                FindingOutcome.Inconclusive,
                chance,
                ConfirmedBelow,
                Say($"a chance of {ConfirmedBelow} and more, or few such epochs, is inconclusive"),
                sentence,
                action,
                since
            );
    }

    private static double LogFactorial(int n)
    {
        double sum = 0;
        for (var i = 2; i <= n; i++)
            sum += Math.Log(i);

        return sum;
    }
}
