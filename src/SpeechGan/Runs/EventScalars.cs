namespace SpeechGan.Runs;

/// <summary>Which numbers of a run TensorBoard shows, and under which tags. What was not measured has no scalar.</summary>
public static class EventScalars
{
    /// <summary>The scalars of a step.</summary>
    public static IReadOnlyCollection<EventScalar> Of(StepTelemetry step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var norms = step.GradientNorm;
        double? sum = norms is null ? null : (norms.Ri ?? 0) + (norms.Magnitude ?? 0) + (norms.Time ?? 0) + (norms.Gan ?? 0);
        var scored = (step.Samples ?? []).Select(s => s.Pesq).OfType<double>().ToList();
        return Measured(
            ("loss/total", step.Loss.Total),
            ("loss/ri", step.Loss.Ri),
            ("loss/magnitude", step.Loss.Magnitude),
            ("loss/time", step.Loss.Time),
            ("loss/gan", step.Loss.Gan),
            ("loss/discriminator", step.DiscriminatorLoss),
            ("gradient_share/ri", norms?.Ri / sum),
            ("gradient_share/magnitude", norms?.Magnitude / sum),
            ("gradient_share/time", norms?.Time / sum),
            ("gradient_share/gan", norms?.Gan / sum),
            ("gradient_norm/generator", norms?.Generator),
            ("gradient_norm/discriminator", norms?.Discriminator),
            (
                "train/discriminator_stepped",
                step.DiscriminatorStepped switch
                {
                    true => 1,
                    false => 0,
                    null => null,
                }
            ),
            ("train/samples_scored", step.SampleCount > 0 ? (double)step.Scored / step.SampleCount : null),
            ("train/pesq_wb", scored.Count > 0 ? scored.Average() : null),
            ("seconds/step", step.Seconds?.Total)
        );
    }

    /// <summary>The scalars of an epoch, to be shown at its last step.</summary>
    public static IReadOnlyCollection<EventScalar> Of(EpochTelemetry epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        var validation = epoch.Validation;
        return
        [
            .. Measured(
                ("epoch/number", epoch.Epoch),
                ("epoch/loss_total", epoch.Loss.Total),
                ("epoch/loss_discriminator", epoch.DiscriminatorLoss),
                ("train/discriminator_rate", epoch.TrainingRate),
                ("train/discriminator_correlation", epoch.DiscriminatorCorrelation),
                ("train/discriminator_error", epoch.DiscriminatorError),
                ("learning_rate/generator", epoch.GeneratorLearningRate),
                ("learning_rate/discriminator", epoch.DiscriminatorLearningRate),
                ("seconds/training", epoch.Seconds?.Training),
                ("seconds/evaluation", epoch.Seconds?.Evaluation),
                (validation?.Split + "/loss", validation?.Loss)
            ),
            .. Measured([
                .. (validation?.Mean ?? Absence.Ordered<double>([])).Select(m => (validation!.Split + "/" + m.Key, (double?)m.Value)),
            ]),
        ];
    }

    private static IReadOnlyCollection<EventScalar> Measured(params (string Tag, double? Value)[] scalars) =>
        [.. scalars.Where(s => s.Value is { } value && double.IsFinite(value)).Select(s => new EventScalar(s.Tag, s.Value!.Value))];
}
