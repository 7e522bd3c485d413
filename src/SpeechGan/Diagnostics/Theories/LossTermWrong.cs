using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>A term of the generator's loss is not the formula it stands for: its operands, reduction, sign or weight.</summary>
public sealed class LossTermWrong()
    : CheckedPart(
        "loss-term-wrong",
        "Is a term of the generator's loss, or their sum, another number than its formula gives?",
        new Dictionary<string, string>
        {
            [OfEqualSides[0]] = "the RI term of two equal spectra",
            [OfEqualSides[1]] = "the magnitude term of two equal spectra",
            ["step/ri"] = "the RI term",
            ["step/magnitude"] = "the magnitude term",
            ["step/time"] = "the time term",
            ["step/gan"] = "the GAN term",
            ["step/total"] = "the weighted sum",
        },
        "the generator's loss is what its formulas give",
        "What the generator minimises is not the loss that is meant",
        "Repair the named term (src/SpeechGan/Losses, src/SpeechGan/Training/GeneratorPass.cs); speechgan bisect commits finds the "
            + "change that broke it."
    )
{
    /// <summary>Terms of a tensor and itself: 0, whatever the front end made of the signal.</summary>
    internal static readonly string[] OfEqualSides = ["estimate-is-clean/ri", "estimate-is-clean/magnitude"];

    // The time term of a signal that the clean one leaks into is another number.
    /// <inheritdoc/>
    protected override string? EchoOf(RunRecord run) => LeakOf(run);
}
