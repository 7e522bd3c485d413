namespace SpeechGan.Diagnostics.Theories;

/// <summary>What a step did to the weights is not what AdamW makes of the gradient at the configured rate.</summary>
public sealed class UpdateWrong()
    : CheckedPart(
        "update-wrong",
        "Do the weights move otherwise than AdamW would move them with this gradient and the configured constants?",
        new Dictionary<string, string>
        {
            [Held] = "tensors that an optimiser holds and its network has not, lacks, or that get no gradient",
            ["step/generator-update"] = "the relative distance of the generator's update",
            ["step/discriminator-update"] = "the relative distance of the discriminator's update",
        },
        "both networks move as AdamW does with the configured constants",
        "The optimiser has other constants or other tensors, does not step, or something else writes into the weights",
        "Look at how the optimisers are made (src/SpeechGan/Training/Networks.cs) and at what runs after a step; speechgan bisect "
            + "commits finds the change."
    )
{
    /// <summary>Whether each optimiser holds its own network's tensors.</summary>
    internal const string Held = "step/optimiser-tensors";
}
