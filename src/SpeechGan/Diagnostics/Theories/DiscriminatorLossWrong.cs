namespace SpeechGan.Diagnostics.Theories;

/// <summary>The discriminator's loss, what it is shown, or when it steps is not what its formula says.</summary>
public sealed class DiscriminatorLossWrong()
    : CheckedPart(
        "discriminator-loss-wrong",
        "Is the discriminator taught by another loss, on other inputs or at other times than its formula says?",
        new Dictionary<string, string>
        {
            ["step/discriminator-loss"] = "the discriminator's loss for its own outputs and targets",
            ["step/d-of-estimate"] = "the distance of D(clean, estimate)",
            ["step/d-of-clean"] = "the distance of D(clean, clean)",
            ["step/taught"] = "whether it stepped (1) or not (0)",
        },
        "the discriminator is shown and taught what its formula says",
        "The discriminator learns something else than PESQ of the estimate",
        "Repair the discriminator's pass (src/SpeechGan/Training/DiscriminatorPass.cs, src/SpeechGan/Losses/MetricLoss.cs); speechgan "
            + "bisect commits finds the change that broke it."
    );
