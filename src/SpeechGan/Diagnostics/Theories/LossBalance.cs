using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// How hard each weighted term pulls at the generator's output. A loss's value says nothing of that: a term of 0.3 may pull a hundred times
/// less than one of
/// 0.01. A GAN term that is drowned cannot raise PESQ, and one that pulls alone leaves the signal to the discriminator's mercy.
/// </summary>
public sealed class LossBalance()
    : Theory(
        "loss-balance",
        Severity.Serious,
        "Is the GAN term drowned by the others, absent, or alone?",
        "share of the GAN term in the summed gradient norms at the generator's output, median over the last half of the run's steps",
        "runs without the fault lay between 3.5 % (a demo from nothing) and 90 % (golden trajectories with trained weights; "
            + "docs/diagnosis.md, Healthy spreads): a third and a tenth of the lowest"
    )
{
    /// <summary>Below this share the term is drowned.</summary>
    public const double DrownedBelow = 0.003;

    /// <summary>Below this share it is suspected to be.</summary>
    public const double SuspectedBelow = 0.01;

    /// <summary>Above this share the others are drowned.</summary>
    public const double AloneAbove = 0.99;

    private const double AimedShare = 0.1;
    private const double MostWeight = 1;

    private static readonly string[] Terms = ["RI", "magnitude", "time", "GAN"];

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var measured = run.Rows.Where(s => s.GradientNorm is { } g && Sum(g) is > 0 and < double.PositiveInfinity);
        var steps = measured.Count();
        if (steps == 0)
            return NotMeasured("no step recorded the gradient norms of the loss terms");

        var half = measured.Skip(steps / 2);
        var since = half.First().Epoch;
        var shares = Enumerable.Range(0, 4).Select(t => LongMedian.Of(half.Select(s => Share(s.GradientNorm!, t)))).ToArray();
        var gan = shares[3];
        var early = LongMedian.Of(measured.Take(Math.Max(1, steps / 2)).Select(s => Share(s.GradientNorm!, 3)));
        var numbers =
            $"At the generator's output the terms pull with "
            + $"{string.Join(", ", Terms.Select((t, i) => Say($"{t} {100 * shares[i]:0.#} %")))} of the gradient (median of the last "
            + $"{steps - (steps / 2)} steps)";
        if (measured.All(s => s.GradientNorm!.Gan is null))
            return Judged(
                FindingOutcome.Suspected,
                0,
                DrownedBelow,
                "an absent term is suspected",
                $"{numbers}: there is no GAN term, and nothing in the loss depends on PESQ.",
                "Where this is not wanted, give the term a weight (--set loss.weights.gan=0.05).",
                since
            );

        var weight = run.Config is { } config ? Say($" (loss.weights.gan is {config.Loss.Weights.Gan})") : "";
        if (gan < DrownedBelow)
            return Judged(
                FindingOutcome.Confirmed,
                gan,
                DrownedBelow,
                Say($"below {100 * DrownedBelow:0.##} % confirms that the GAN term is drowned"),
                $"{numbers}: the GAN term is drowned.",
                $"Raise loss.weights.gan{weight} until its share is a tenth and more{Weight(run.Config, gan)}, and check whether "
                    + $"the discriminator is constant.",
                since
            );
        if (gan < SuspectedBelow)
            return Judged(
                FindingOutcome.Suspected,
                gan,
                SuspectedBelow,
                Say($"below {100 * SuspectedBelow:0.##} % it is suspected that the GAN term is drowned"),
                Say($"{numbers}; it was {100 * early:0.#} % in the first half."),
                $"Raise loss.weights.gan{weight}{Weight(run.Config, gan)}.",
                since
            );
        if (gan > AloneAbove)
            return Judged(
                FindingOutcome.Confirmed,
                gan,
                AloneAbove,
                Say($"above {100 * AloneAbove:0.##} % confirms that the GAN term pulls alone"),
                $"{numbers}: nothing but the discriminator is followed.",
                $"Lower loss.weights.gan{weight}{Weight(run.Config, gan)}.",
                since
            );
        return Judged(
            FindingOutcome.Rejected,
            gan,
            SuspectedBelow,
            Say($"between {100 * SuspectedBelow:0.##} and {100 * AloneAbove:0.##} % rejects"),
            Say($"{numbers}; the GAN term had {100 * early:0.#} % in the first half."),
            ""
        );
    }

    private static double Norm(GradientNorms g, int term) =>
        (
            term switch
            {
                0 => g.Ri,
                1 => g.Magnitude,
                2 => g.Time,
                _ => g.Gan,
            }
        ) ?? 0;

    private static double Sum(GradientNorms g) => Norm(g, 0) + Norm(g, 1) + Norm(g, 2) + Norm(g, 3);

    private static double Share(GradientNorms g, int term) => Norm(g, term) / Sum(g);

    // The weight that gives the term a tenth of the pull, were the other terms' the same: a share s of weight w has odds s / (1 - s), and
    // these grow as the weight does.
    private static string Weight(RunConfig? config, double share) =>
        config is { Loss.Weights.Gan: > 0 and var weight } && share is > 0 and < 1
            ? Say($" (--set loss.weights.gan={Math.Min(MostWeight, weight * (AimedShare / (1 - AimedShare)) / (share / (1 - share))):G2})")
            : "";
}
