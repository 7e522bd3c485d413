namespace SpeechGan.Runs.Rows;

/// <summary>The fields of a line of <c>steps.jsonl</c> in the order in which they are written: one list for all who read its
/// bytes.</summary>
internal static class StepFields
{
    /// <summary>A step.</summary>
    public static readonly JsonFields Step = new(
        "epoch",
        "step",
        "batch",
        "loss",
        "discriminatorLoss",
        "gradientNorm",
        "sampleCount",
        "scored",
        "masked",
        "discriminatorStepped",
        "generatorUpdate",
        "discriminatorUpdate",
        "samples",
        "reducedBytes",
        "unavailable",
        "sources",
        "seconds"
    );

    /// <summary>Its loss terms.</summary>
    public static readonly JsonFields Loss = new("ri", "magnitude", "time", "gan", "total");

    /// <summary>Its gradient norms.</summary>
    public static readonly JsonFields Norms = new("ri", "magnitude", "time", "gan", "generator", "discriminator");

    /// <summary>What it did to a network's weights.</summary>
    public static readonly JsonFields Update = new("norm", "rate", "parameters", "still", "changedBefore", "digest");

    /// <summary>A sample of its batch.</summary>
    public static readonly JsonFields Sample = new(
        "name",
        "pesq",
        "masked",
        "discriminator",
        "discriminatorOfClean",
        "target",
        "start",
        "input"
    );

    /// <summary>A sample as it was loaded.</summary>
    public static readonly JsonFields Input = new(
        "cleanLevel",
        "noisyLevel",
        "cleanMean",
        "noisyMean",
        "cleanPeak",
        "noisyPeak",
        "lag",
        "correlation",
        "unshifted",
        "rangeGained"
    );
}
