namespace SpeechGan.Runs;

/// <summary>Sums an epoch up from its steps. Reads only their records, so that a resumed epoch sums to the same bits as an uninterrupted
/// one.</summary>
public static class EpochSummary
{
    /// <summary>PESQ points of the discriminator's range: its target is (PESQ - 1) / 3.5, as in CMGAN.</summary>
    public const double PesqRange = 3.5;

    /// <summary>The epoch's telemetry without learning rates, validation, digest and times, which the trainer adds with
    /// <c>with</c>.</summary>
    /// <param name="epoch">Epoch, from 1.</param>
    /// <param name="steps">The epoch's steps in order.</param>
    /// <param name="hasDiscriminator">Whether a discriminator takes part in the run.</param>
    /// <exception cref="ArgumentException">A step belongs to another epoch.</exception>
    public static EpochTelemetry Of(int epoch, IReadOnlyList<StepTelemetry> steps, bool hasDiscriminator = true)
    {
        ArgumentNullException.ThrowIfNull(steps);
        if (steps.FirstOrDefault(s => s.Epoch != epoch) is { } stray)
            throw new ArgumentException($"Step {stray.Step} belongs to epoch {stray.Epoch}, not to epoch {epoch}.", nameof(steps));

        var unavailable = new Dictionary<string, string>();
        var stepped = steps.Where(s => s.DiscriminatorStepped == true).ToList();
        var masked = steps.SelectMany(s => s.Masked).GroupBy(m => m.Key).ToDictionary(g => g.Key, g => g.Sum(m => m.Value));
        var discriminatorLoss = Mean(stepped, s => s.DiscriminatorLoss);
        double? rate = hasDiscriminator && steps.Count > 0 ? (double)stepped.Count / steps.Count : null;
        if (discriminatorLoss is null)
            unavailable["discriminatorLoss"] = !hasDiscriminator
                ? "the run has no discriminator"
                : $"the discriminator stepped on none of {steps.Count} batches{Reasons(masked)}";

        if (rate is null)
            unavailable["trainingRate"] = hasDiscriminator ? "no batch was seen" : "the run has no discriminator";

        var (correlation, error) = Judgement(steps, unavailable);
        return new EpochTelemetry
        {
            Epoch = epoch,
            LastStep = steps.Count == 0 ? 0 : steps[^1].Step,
            Loss = new LossTerms
            {
                Ri = Mean(steps, s => s.Loss.Ri),
                Magnitude = Mean(steps, s => s.Loss.Magnitude),
                Time = Mean(steps, s => s.Loss.Time),
                Gan = Mean(steps, s => s.Loss.Gan),
                Total = Mean(steps, s => s.Loss.Total),
            },
            DiscriminatorLoss = discriminatorLoss,
            BatchesSeen = steps.Count,
            BatchesStepped = stepped.Count,
            SamplesSeen = steps.Sum(s => s.SampleCount ?? 0),
            SamplesScored = steps.Sum(s => s.Scored),
            Masked = masked,
            TrainingRate = rate,
            DiscriminatorCorrelation = correlation,
            DiscriminatorError = error,
            Unavailable = unavailable,
        };
    }

    // Weighted by samples, summed in the steps' order.
    private static double? Mean(IReadOnlyList<StepTelemetry> steps, Func<StepTelemetry, double?> value)
    {
        double sum = 0,
            weight = 0;
        foreach (var step in steps)
        {
            if (value(step) is { } number)
            {
                var own = step.SampleCount ?? 1;
                sum += number * own;
                weight += own;
            }
        }

        return weight > 0 ? sum / weight : null;
    }

    private static (double? Correlation, double? Error) Judgement(
        IReadOnlyList<StepTelemetry> steps,
        Dictionary<string, string> unavailable
    )
    {
        var pairs = steps
            .SelectMany(s => s.Samples ?? [])
            .Where(s => s is { Pesq: not null, Discriminator: not null })
            .Select(s => (Said: s.Discriminator!.Value, Target: (s.Pesq!.Value - 1) / PesqRange))
            .ToList();
        if (pairs.Count < 2)
        {
            var reason = $"{pairs.Count} samples have both a PESQ score and a discriminator output; at least 2 are needed";
            unavailable["discriminatorCorrelation"] = reason;
            unavailable["discriminatorError"] = reason;
            return (null, null);
        }

        var correlation = Correlation.Of(pairs);
        if (correlation is null)
        {
            var flat =
                pairs.All(p => p.Said == pairs[0].Said) ? "discriminator outputs"
                : pairs.All(p => p.Target == pairs[0].Target) ? "PESQ scores"
                : "values";
            unavailable["discriminatorCorrelation"] = $"all {pairs.Count} {flat} are the same, so that no correlation is defined";
        }

        double error = 0;
        foreach (var p in pairs)
            error += Math.Abs(p.Said - p.Target);

        return (correlation, error / pairs.Count * PesqRange);
    }

    private static string Reasons(Dictionary<string, int> masked) =>
        masked.Count == 0
            ? ""
            : ": " + string.Join(", ", masked.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key} x{m.Value}"));
}
