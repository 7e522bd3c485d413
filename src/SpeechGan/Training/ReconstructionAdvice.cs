using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>What a failed reconstruction check points at.</summary>
internal static class ReconstructionAdvice
{
    /// <summary>A sentence for each check that failed, or one that all hold.</summary>
    public static IEnumerable<string> InWords(IReadOnlyList<ReconstructionCheck> checks)
    {
        foreach (var check in checks.Where(c => c.Holds == false))
            yield return $"Reconstruction check {check.Name} failed: found {check.Observed:G6}, a sound trainer gives {check.Expected:G6} "
                + $"(within {check.Allowed:G2}). "
                + For(check.Name);
        if (checks.All(c => c.Holds == true))
            yield return $"All {checks.Count} reconstruction checks hold.";
    }

    /// <summary>What a check of this name points at where it fails.</summary>
    public static string For(string name) =>
        name switch
        {
            "estimate-is-clean/time" => "The time term compares signals of different scale: even a perfect estimate is punished. Set "
                + "loss.timeReference=normalized.",
            "estimate-is-noisy/pesq" => "The front end changes an untouched signal: its PESQ differs.",
            "gain-leaves-pesq" => "PESQ moved with the level alone, which level alignment should undo.",
            "clean-reversed/estimate" or "clean-reversed/signal" =>
                "The estimate changes with the clean signal it must not know: labels leak into it. Rebuild the signal from the "
                    + "estimate's own real and imaginary parts.",
            "alone-and-in-batch/estimate" =>
                "A sample's estimate depends on what else is in its batch: evaluation mode is not in force in every layer.",
            _ when name.StartsWith("step/", StringComparison.Ordinal) => "The training step is not the one that its formulas describe.",
            _ when name.StartsWith("loaded/", StringComparison.Ordinal) => "The loader gives other samples than the files hold.",
            _ when name.StartsWith("scoring/", StringComparison.Ordinal) || name.StartsWith("evaluated/", StringComparison.Ordinal) =>
                "What is scored is not the estimate against its clean signal.",
            _ => "A perfect estimate does not score as one: look for a leak of labels or a fault in the front end.",
        };
}
