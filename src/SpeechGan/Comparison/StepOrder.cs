namespace SpeechGan.Comparison;

/// <summary>
/// The order in which the values of a step come about (docs/architecture.md, section 4): batch, losses, gradients, generator's update,
/// PESQ, discriminator. The first field that differs is the first in this order, so that it is a cause rather than a consequence.
/// </summary>
internal static class StepOrder
{
    // A digest differs wherever any bit does: the number beside it says more, and stands first.
    private static readonly string[] Stages =
    [
        "sampleCount",
        "samples[].name",
        "samples[].start",
        "samples[].input",
        "loss.ri",
        "loss.magnitude",
        "loss.time",
        "loss.gan",
        "loss.total",
        "loss",
        "gradientNorm.ri",
        "gradientNorm.magnitude",
        "gradientNorm.time",
        "gradientNorm.gan",
        "gradientNorm.generator",
        "generatorUpdate.rate",
        "generatorUpdate.norm",
        "generatorUpdate",
        "samples[].pesq",
        "samples[].masked",
        "scored",
        "masked",
        "samples[].target",
        "samples[].discriminator",
        "discriminatorStepped",
        "discriminatorLoss",
        "gradientNorm.discriminator",
        "discriminatorUpdate.rate",
        "discriminatorUpdate.norm",
        "discriminatorUpdate",
        "samples",
    ];

    /// <summary>Place of a field in the order; fields that are not named come last.</summary>
    public static int Of(string path)
    {
        var open = path.IndexOf('[', StringComparison.Ordinal);
        var general = open < 0 ? path : path[..open] + "[]" + path[(path.IndexOf(']', StringComparison.Ordinal) + 1)..];
        for (var at = 0; at < Stages.Length; at++)
            if (
                general.StartsWith(Stages[at], StringComparison.Ordinal)
                && (general.Length == Stages[at].Length || general[Stages[at].Length] is '.' or '[')
            )
                return at;
        return Stages.Length;
    }
}
