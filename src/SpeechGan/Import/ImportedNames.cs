namespace SpeechGan.Import;

/// <summary>What the fields of an import are called in a trajectory, of which goldens are made.</summary>
public static class ImportedNames
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [ForeignField.Loss.Name] = "loss.total",
        [ForeignField.EpochLoss.Name] = "loss.total",
        [ForeignField.LossRi.Name] = "loss.ri",
        [ForeignField.LossMagnitude.Name] = "loss.magnitude",
        [ForeignField.LossTime.Name] = "loss.time",
        [ForeignField.LossGan.Name] = "loss.gan",
        [ForeignField.DiscriminatorLoss.Name] = "discriminatorLoss",
        [ForeignField.DiscriminatorRate.Name] = "trainingRate",
        [ForeignField.DiscriminatorCorrelation.Name] = "discriminatorCorrelation",
        [ForeignField.DiscriminatorError.Name] = "discriminatorError",
        [ForeignField.LearningRate.Name] = "learningRate.generator",
        [ForeignField.DiscriminatorLearningRate.Name] = "learningRate.discriminator",
        [ForeignField.ValidationLoss.Name] = "validationLoss",
        [ForeignField.GradientGenerator.Name] = "gradientNorm.generator",
        [ForeignField.GradientDiscriminator.Name] = "gradientNorm.discriminator",
        [ForeignField.ShareRi.Name] = "gradientShare.ri",
        [ForeignField.ShareMagnitude.Name] = "gradientShare.magnitude",
        [ForeignField.ShareTime.Name] = "gradientShare.time",
        [ForeignField.ShareGan.Name] = "gradientShare.gan",
    };

    /// <summary>Name of a field's value in a trajectory; a name that is no field's as it is.</summary>
    /// <param name="field">Field, as <c>--map</c> calls it.</param>
    public static string Of(string field)
    {
        if (Names.TryGetValue(field, out var name))
            return name;
        if (ForeignField.Metrics.FirstOrDefault(m => m.Key.Name == field).Value is { } metric)
            return "mean." + metric;
        return field;
    }
}
