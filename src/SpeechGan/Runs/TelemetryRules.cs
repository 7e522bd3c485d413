namespace SpeechGan.Runs;

/// <summary>What every record must keep, whoever fills it: nothing absent without a reason, nothing counted twice. A breach is a mistake in
/// the caller.</summary>
internal static class TelemetryRules
{
    public static void Check(StepTelemetry step)
    {
        var masked = step.Masked.Values.Sum();
        if (step.SampleCount is not { } samples || step.DiscriminatorStepped is not { } stepped)
            throw new ArgumentException(
                $"Step {step.Step}: the number of samples and whether the discriminator stepped are known to the trainer; one of them "
                    + $"was not recorded."
            );

        if (stepped && step.DiscriminatorLoss is null)
            throw new ArgumentException($"Step {step.Step}: the discriminator stepped, so its loss is known; none was recorded.");

        if (!stepped && step.DiscriminatorLoss is not null)
            throw new ArgumentException(
                $"Step {step.Step}: the discriminator did not step, so it has no loss; {step.DiscriminatorLoss} was recorded."
            );

        if (step.Scored < 0 || step.Scored + masked > samples)
            throw new ArgumentException($"Step {step.Step}: {step.Scored} scored and {masked} masked samples in a batch of {samples}.");

        if (step.Scored + masked < samples && !step.Unavailable.ContainsKey("scores"))
            throw new ArgumentException(
                $"Step {step.Step}: {step.Scored} scored and {masked} masked of {samples} samples; each sample has a score or a "
                    + $"reason. Where none was asked for, say why under Unavailable[\"scores\"]."
            );

        Named(step.DiscriminatorLoss, "discriminatorLoss", step.Unavailable, $"Step {step.Step}");
        Named(step.Loss.Total, "loss.total", step.Unavailable, $"Step {step.Step}");
    }

    public static void Check(EpochTelemetry epoch)
    {
        var where = $"Epoch {epoch.Epoch}";
        if (
            epoch
            is not { LastStep: not null, BatchesSeen: not null, BatchesStepped: not null, SamplesSeen: not null, SamplesScored: not null }
        )
            throw new ArgumentException(
                $"{where}: the counts of steps, batches and samples are known to the trainer; one of them was not recorded."
            );

        if (epoch.BatchesStepped > epoch.BatchesSeen || epoch.BatchesStepped < 0)
            throw new ArgumentException($"{where}: the discriminator stepped on {epoch.BatchesStepped} of {epoch.BatchesSeen} batches.");

        Named(epoch.DiscriminatorLoss, "discriminatorLoss", epoch.Unavailable, where);
        Named(epoch.TrainingRate, "trainingRate", epoch.Unavailable, where);
        Named(epoch.DiscriminatorCorrelation, "discriminatorCorrelation", epoch.Unavailable, where);
        Named(epoch.DiscriminatorError, "discriminatorError", epoch.Unavailable, where);
        if (epoch.Validation is null && !epoch.Unavailable.ContainsKey("validation"))
            throw new ArgumentException($"{where}: validation is absent without a reason; name it under Unavailable[\"validation\"].");
    }

    private static void Named(double? value, string name, IReadOnlyDictionary<string, string> unavailable, string where)
    {
        if (value is null && !unavailable.ContainsKey(name))
            throw new ArgumentException($"{where}: {name} is absent without a reason; name it under Unavailable[\"{name}\"].");

        if (value is not null && unavailable.ContainsKey(name))
            throw new ArgumentException($"{where}: {name} is {value} and yet named as unavailable ({unavailable[name]}).");
    }
}
