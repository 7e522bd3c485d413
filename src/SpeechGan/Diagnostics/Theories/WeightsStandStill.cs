using SpeechGan.Runs;
using SpeechGan.Runs.Rows;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>A network's parameters do not move, or hardly, or only some of them: whatever else is seen of that network is a
/// consequence.</summary>
public sealed class WeightsStandStill()
    : Theory(
        "weights-stand-still",
        Severity.Grave,
        "Does a network stand still: no update, a vanishing one, or tensors that its optimiser does not hold?",
        "median update over (learning rate times root of the parameters), the smaller of both networks, over the last half of the "
            + "run's steps",
        "AdamW's update is at most of that size in usual use (Kingma and Ba, 2015, section 2.1) and begins at 1; runs without the "
            + "fault lay between 0.08 and 0.6 (docs/diagnosis.md, Healthy spreads)"
    )
{
    /// <summary>Below this ratio it is confirmed.</summary>
    public const double ConfirmedBelow = 0.005;

    /// <summary>Below this ratio it is suspected.</summary>
    public const double SuspectedBelow = 0.02;

    private const int FewestSteps = 4;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        const string action =
            "Look at what steps the optimiser and which tensors it was made with (src/SpeechGan/Training/Networks.cs), at a learning "
            + "rate of 0, and at frozen parameters; speechgan bisect commits finds the change.";
        Moves[] networks =
        [
            .. new[]
            {
                Of("generator", run.Rows.Select(s => (s.Epoch, s.GeneratorUpdate))),
                Of("discriminator", run.Rows.Where(s => s.DiscriminatorStepped == true).Select(s => (s.Epoch, s.DiscriminatorUpdate))),
            }.OfType<Moves>(),
        ];
        if (networks.Length == 0)
            return NotMeasured($"fewer than {FewestSteps} steps recorded what they did to the weights");

        var worst = networks.MinBy(n => n.Ratio)!;
        if (worst.Ratio < SuspectedBelow)
        {
            // What an optimiser does not do it never did; one that moved its network at first and does no more follows a gradient that has
            // vanished, for a cause that came before.
            var sure = worst.Ratio == 0 || (worst.Ratio < ConfirmedBelow && !worst.MovedBefore);
            return Judged(
                sure ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
                worst.Ratio,
                sure ? ConfirmedBelow : SuspectedBelow,
                (sure, worst.MovedBefore) switch
                {
                    (true, _) => Say($"below {ConfirmedBelow} confirms"),
                    (_, true) => Say($"below {SuspectedBelow} after a half in which it moved is suspected"),
                    _ => Say($"below {SuspectedBelow} is suspected"),
                },
                worst.Ratio == 0
                    ? Say($"The {worst.Network}'s weights did not move in half of its last {worst.Steps} steps.")
                    : Say(
                        $"The {worst.Network}'s update is {worst.Ratio:G2} of what AdamW moves at this rate (median of its last "
                            + $"{worst.Steps} steps)."
                    ),
                action,
                worst.Since,
                [worst.Network]
            );
        }

        return networks.FirstOrDefault(n => n.Still > 0) is { } partly
            ? Judged(
                FindingOutcome.Confirmed,
                partly.Ratio,
                ConfirmedBelow,
                "tensors that have a gradient and never move confirm",
                Say(
                    $"{partly.Still} of the {partly.Network}'s tensors have a gradient and did not move in any of its last "
                        + $"{partly.Steps} steps: its optimiser does not hold them."
                ),
                action,
                partly.Since,
                [partly.Network]
            )
            : Judged(
                FindingOutcome.Rejected,
                worst.Ratio,
                SuspectedBelow,
                Say($"{SuspectedBelow} and more reject"),
                string.Join(
                    " ",
                    networks.Select(n => Say($"The {n.Network}'s update is {n.Ratio:F2} of AdamW's size (median of {n.Steps} steps)."))
                ),
                ""
            );
    }

    private static Moves? Of(string network, IEnumerable<(int Epoch, UpdateRow? Update)> steps)
    {
        var measured = steps
            .Where(s => s.Update is { } u && (u.Norm == 0 || u.Relative is { } r && double.IsFinite(r)))
            .Select(s => (s.Epoch, Update: s.Update!.Value));
        var before = measured.Count() / 2;
        IEnumerable<(int Epoch, UpdateRow Update)> first = measured.Take(before),
            half = measured.Skip(before);
        var moved = before >= FewestSteps && Ratio(first) >= SuspectedBelow;
        var count = half.Count();
        return count < FewestSteps
            ? null
            : new Moves(
                network,
                Ratio(half),
                half.Min(s => s.Update.Still),
                count,
                moved || before == 0 ? half.First().Epoch : first.First().Epoch,
                moved
            );
    }

    private static double Ratio(IEnumerable<(int Epoch, UpdateRow Update)> steps) =>
        LongMedian.Of(steps.Select(s => Math.Min(1e9, s.Update.Relative ?? 0)));

    private sealed record Moves(string Network, double Ratio, int Still, int Steps, int Since, bool MovedBefore);
}
