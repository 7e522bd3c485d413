using System.Globalization;

namespace SpeechGan.Diagnostics.Probes;

/// <summary>
/// The judgement of one ingredient: a cause is confirmed by counterfactual only where taking it away closes the gap. Judged on PESQ where
/// PESQ fell in the window, else on SI-SDR, the training rate and the loss, in this order.
/// </summary>
public static class Counterfactual
{
    /// <summary>At least this share of the gap must be closed, mean over seeds, to confirm.</summary>
    public const double ConfirmedFrom = 0.8;

    /// <summary>And at least this share in every seed.</summary>
    public const double EverySeedFrom = 0.5;

    /// <summary>Below this share, in the mean and with every seed below <see cref="EverySeedFrom"/>, it is rejected.</summary>
    public const double RejectedBelow = 0.3;

    // Shares are quotients of means: four fifths of a gap must not fail by its last bit.
    private const double Rounding = 1e-9;

    private const string Source = "the project's bar for a named cause: its removal closes at least 80 % of the gap";

    /// <summary>The finding of an ingredient.</summary>
    /// <param name="ingredient">What was changed.</param>
    /// <param name="effects">Its effects.</param>
    /// <param name="window">The window in words: <c>epochs 3 to 4 from checkpoint epoch-0002, 3 seeds</c>.</param>
    public static Finding Judge(Ingredient ingredient, IReadOnlyList<Effect> effects, string window)
    {
        ArgumentNullException.ThrowIfNull(ingredient);
        ArgumentNullException.ThrowIfNull(effects);
        var id = "probe/" + ingredient.Id;
        var all = string.Join("; ", effects.Select(InWords));
        if (effects.FirstOrDefault(e => e.IsGap) is not { } judged)
            return new Finding
            {
                Id = id,
                Outcome = FindingOutcome.NotMeasured,
                Measure = "share of the gap closed",
                ThresholdSource = Source,
                Sentence =
                    effects.Count == 0
                        ? $"Nothing could be compared in {window}."
                        : $"Nothing fell in {window}, so that there is no gap to close. With {ingredient.What}: {all}.",
                NextAction = "",
            };

        double closed = judged.Closed!.Value,
            least = judged.LeastClosed!.Value,
            most = judged.BySeed.Most / judged.Gap;
        var (outcome, rule, threshold) =
            closed >= ConfirmedFrom - Rounding && least >= EverySeedFrom - Rounding
                ? (
                    FindingOutcome.Confirmed,
                    $"at least {Percent(ConfirmedFrom)} in the mean and {Percent(EverySeedFrom)} in every seed confirms",
                    ConfirmedFrom
                )
            : closed < RejectedBelow - Rounding && most < EverySeedFrom - Rounding
                ? (
                    FindingOutcome.Rejected,
                    $"below {Percent(RejectedBelow)} in the mean, and in no seed {Percent(EverySeedFrom)}, rejects",
                    RejectedBelow
                )
            : (
                FindingOutcome.Inconclusive,
                $"between {Percent(RejectedBelow)} and {Percent(ConfirmedFrom)}, or seeds that disagree, is inconclusive",
                ConfirmedFrom
            );
        return new Finding
        {
            Id = id,
            Outcome = outcome,
            Measure = $"share of the gap in {judged.Measure} that is closed, mean over seeds",
            Observed = closed,
            Threshold = threshold,
            Rule = rule,
            ThresholdSource = Source,
            Sentence =
                $"With {ingredient.What}, {window}: closes {Percent(closed)} of the gap in {judged.Measure} (least seed "
                + $"{Percent(least)}): {rule}. {Capital(all)}.",
            NextAction =
                outcome == FindingOutcome.Confirmed ? $"Train with {string.Join(" ", ingredient.Knobs.Select(k => "--set " + k))}." : "",
        };
    }

    private static string InWords(Effect effect) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{effect.Measure} {effect.Change:+0.####;-0.####;0} ({effect.BySeed.Least:+0.####;-0.####;0} to "
                + $"{effect.BySeed.Most:+0.####;-0.####;0} over seeds"
        )
        + (
            effect.Interval is { } i
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $", 95 % over utterances {i.Low:+0.####;-0.####;0} to {i.High:+0.####;-0.####;0}"
                )
                : ""
        )
        + (effect.IsGap ? string.Create(CultureInfo.InvariantCulture, $") of a gap of {effect.Gap:0.####}") : ") and no gap");

    // What rounds to 0 has no sign.
    private static string Percent(double share) => (100 * share).ToString("0;-0;0", CultureInfo.InvariantCulture) + " %";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
