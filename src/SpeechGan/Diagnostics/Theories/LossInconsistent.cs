using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// Losses of the record derived again from what stands beside them: the weighted sum from its terms, the discriminator's loss from its
/// outputs and targets, the GAN term from the discriminator's outputs for the same batch. Works on any record that has these numbers,
/// whoever made it.
/// </summary>
public sealed class LossInconsistent()
    : Theory(
        "loss-inconsistent",
        Severity.Grave,
        "Do the recorded losses contradict the recorded terms, outputs and targets they are made of?",
        "largest relative distance of a recorded loss from its formula on the recorded numbers",
        "identities for the sum and for the discriminator's loss (6e-7 measured in 17 runs of 144 steps); the GAN term has other "
            + "dropout masks than the recorded outputs and lay within 9 % over half a run there: 15 % and four standard errors"
    )
{
    /// <summary>Relative distance up to which the exact ones are equal.</summary>
    public const double Exact = 1e-3;

    /// <summary>Relative distance of the GAN term beyond which it is wrong.</summary>
    public const double GanBeyond = 0.15;

    /// <summary>Standard errors that confirm; fewer, down to <see cref="ErrorsSuspected"/>, are suspected.</summary>
    public const double Errors = 4;

    /// <summary>Standard errors from which on it is suspected.</summary>
    public const double ErrorsSuspected = 2.5;

    private const int FewestSteps = 30;
    private const int FirstEpoch = 3; // before, D changes within a step by as much as it is worth
    private const double ShareOfSteps = 0.1;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        const string action =
            "Look at how the named loss is made (src/SpeechGan/Training, src/SpeechGan/Losses): wrong label, operand, sign, order or "
            + "reduction; speechgan bisect commits finds the change.";
        var exact = new[] { Exactly(run, "generator's weighted sum", Total), Exactly(run, "discriminator's loss", s => OfDiscriminator(s)) }
            .OfType<Comparison>()
            .ToList();
        var gan = Gan(run);
        if (exact.Count == 0 && gan is null)
            return NotMeasured("no step recorded both a loss and the numbers it is made of");

        if (exact.Where(c => c.Share > ShareOfSteps).MaxBy(c => c.Worst) is { } wrong)
            return Judged(
                FindingOutcome.Confirmed,
                wrong.Worst,
                Exact,
                Say($"beyond {Exact:G1} in more than {100 * ShareOfSteps:0} % of the steps confirms"),
                Say(
                    $"The {wrong.Name} differs from its formula on the recorded numbers in {100 * wrong.Share:0.#} % of {wrong.Steps} "
                        + $"steps, by up to {100 * wrong.Worst:0.#} %."
                ),
                action,
                wrong.Since,
                [wrong.Name]
            );

        if (gan is { } g && Math.Abs(g.Relative) > GanBeyond && g.InErrors > ErrorsSuspected)
        {
            var sure = g.InErrors > Errors;
            return Judged(
                sure ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
                Math.Abs(g.Relative),
                GanBeyond,
                Say(
                    $"beyond {100 * GanBeyond:0} % and {(sure ? Errors : ErrorsSuspected)} standard errors "
                        + $"{(sure ? "confirms" : "is suspected")}"
                ),
                Say(
                    $"The GAN term is {g.Term:F4} on average over {g.Steps} steps, and (1 - D)^2 of the recorded outputs for the same "
                        + $"batches is {g.Derived:F4}: {100 * g.Relative:+0.#;-0.#} %, {g.InErrors:0.#} standard errors."
                ),
                action,
                g.Since,
                ["GAN"]
            );
        }

        var worst = exact.Count > 0 ? exact.Max(c => c.Worst) : Math.Abs(gan!.Relative);
        var numbers = string.Join(
            "; ",
            exact
                .Select(c => Say($"the {c.Name} is its formula's in {c.Steps} steps (within {c.Worst:G2})"))
                .Concat(gan is null ? [] : [Say($"the GAN term is within {100 * Math.Abs(gan.Relative):0.#} % of (1 - D)^2")])
        );
        return Judged(
            FindingOutcome.Rejected,
            worst,
            exact.Count > 0 ? Exact : GanBeyond,
            "equality rejects",
            char.ToUpperInvariant(numbers[0]) + numbers[1..] + ".",
            ""
        );
    }

    private static Comparison? Exactly(RunRecord run, string name, Func<StepRow, RunRecord, (double Recorded, double Derived)?> derive)
    {
        int compared = 0,
            off = 0;
        var worst = 0.0;
        int? since = null;
        foreach (var step in run.Rows)
        {
            if (derive(step, run) is not { } pair || !double.IsFinite(pair.Recorded) || !double.IsFinite(pair.Derived))
                continue;

            var apart = Apart(pair.Recorded, pair.Derived);
            compared++;
            worst = Math.Max(worst, apart);
            if (apart > Exact)
            {
                off++;
                since ??= step.Epoch;
            }
        }

        return compared == 0 ? null : new Comparison(name, compared, (double)off / compared, Math.Min(1e9, worst), since);
    }

    private static Comparison? Exactly(RunRecord run, string name, Func<StepRow, (double Recorded, double Derived)?> derive) =>
        Exactly(run, name, (s, _) => derive(s));

    private static double Apart(double recorded, double derived) => Math.Abs(recorded - derived) / Math.Max(1e-9, Math.Abs(derived));

    private static (double, double)? Total(StepRow step, RunRecord run) =>
        step.Loss is { Total: { } total } loss && run.Config?.Loss.Weights is { } w && Known(loss, run)
            ? (
                total,
                (w.Ri * (loss.Ri ?? 0)) + (w.Magnitude * (loss.Magnitude ?? 0)) + (w.Time * (loss.Time ?? 0)) + (w.Gan * (loss.Gan ?? 0))
            )
            : null;

    // Every term that has a weight.
    private static bool Known(LossTerms loss, RunRecord run) =>
        run.Config!.Loss.Weights is var w
        && (w.Ri == 0 || loss.Ri is not null)
        && (w.Magnitude == 0 || loss.Magnitude is not null)
        && (w.Time == 0 || loss.Time is not null)
        && (w.Gan == 0 || loss.Gan is not null);

    private static (double, double)? OfDiscriminator(StepRow step)
    {
        if (
            step is not { DiscriminatorLoss: { } loss, Samples: { Count: > 0 } samples }
            || samples.Any(s => s is not { Discriminator: not null, DiscriminatorOfClean: not null })
            || samples.All(s => s.Target is null)
        )
            return null;

        var taught = samples.Where(s => s.Target is not null).ToList();
        double Clean(IEnumerable<SampleRow> of) => of.Average(s => Square(1 - s.DiscriminatorOfClean!.Value));
        var ofEstimates = taught.Average(s => Square(s.Discriminator!.Value - s.Target!.Value));
        // Whether unscored samples' clean pairs count is a knob: the nearer of the two is meant.
        double all = ofEstimates + Clean(samples),
            scored = ofEstimates + Clean(taught);
        return (loss, Math.Abs(loss - all) <= Math.Abs(loss - scored) ? all : scored);
    }

    private static GanComparison? Gan(RunRecord run)
    {
        var all = run.Rows.Where(s =>
            s.Epoch >= FirstEpoch
            && s.Loss.Gan is not null
            && s.Samples is { Count: > 0 } samples
            && samples.All(x => x.Discriminator is not null)
        );
        var count = all.Count();
        var steps = count - (count / 2);
        if (steps < FewestSteps)
            return null;

        var pairs = new (double Term, double Derived)[steps];
        var since = 0;
        foreach (var (step, i) in all.Skip(count / 2).Select((s, i) => (s, i)))
        {
            since = i == 0 ? step.Epoch : since;
            pairs[i] = (step.Loss.Gan!.Value, step.Samples!.Average(x => Square(1 - x.Discriminator!.Value)));
        }

        double term = pairs.Average(p => p.Term),
            derived = pairs.Average(p => p.Derived),
            mean = term - derived;
        var error = Math.Sqrt(pairs.Sum(p => Square(p.Term - p.Derived - mean)) / (steps - 1) / steps);
        return double.IsFinite(mean) && double.IsFinite(error)
            ? new GanComparison(
                term,
                derived,
                Math.Clamp(mean / Math.Max(1e-9, derived), -1e9, 1e9),
                error > 0 ? Math.Min(1e9, Math.Abs(mean) / error)
                    : mean == 0 ? 0
                    : 1e9,
                steps,
                since
            )
            : null;
    }

    private static double Square(double x) => x * x;

    private sealed record Comparison(string Name, int Steps, double Share, double Worst, int? Since);

    private sealed record GanComparison(double Term, double Derived, double Relative, double InErrors, int Steps, int Since);
}
