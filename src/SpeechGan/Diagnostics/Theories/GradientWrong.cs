using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The gradient that an optimiser is given is not that of the stated loss: a detached tensor, a sign, gradients that were not
/// cleared.</summary>
public sealed class GradientWrong()
    : CheckedPart(
        "gradient-wrong",
        "Is an optimiser given another gradient than that of the stated loss?",
        new Dictionary<string, string>
        {
            ["step/generator-gradient"] = "the relative distance of the generator's gradient",
            ["step/discriminator-gradient"] = "the relative distance of the discriminator's gradient",
        },
        "both optimisers are given the gradient of the stated loss",
        "The network does not descend the loss that is reported",
        "Look for detached tensors, gradients that are not cleared before the pass, and terms that enter the sum with another sign or "
            + "weight (src/SpeechGan/Training); speechgan bisect commits finds the change."
    )
{
    // An optimiser that holds the other network clears the other's gradients too, and a leaked signal has another gradient.
    /// <inheritdoc/>
    protected override string? EchoOf(RunRecord run) =>
        run.Oracles.Any(o => o is { Name: UpdateWrong.Held, Holds: false }) ? "update-wrong" : LeakOf(run);
}
