namespace SpeechGan.Diagnostics;

/// <summary>
/// Which network a symptom belongs to: where one stands still, the other trains against something that does not move, and what is seen of
/// it (a loss that does not fall, a judgement that follows nothing, a term without pull) says nothing more. Such findings are suspected at
/// most, and rank below; one that began earlier is no echo.
/// </summary>
internal static class Echoes
{
    private const string Standing = "weights-stand-still";

    private static readonly HashSet<string> Behaviour =
    [
        "discriminator-constant",
        "discriminator-blind",
        "discriminator-of-clean",
        "loss-balance",
        "loss-jump",
        "gradients-unstable",
        "running-statistics",
        "overfitting",
        "test-below-valid",
        "nothing-learned",
        "loss-pesq-divergence",
    ];

    /// <summary>The findings, with confirmed symptoms of networks that train against one that stands still made suspected.</summary>
    public static IEnumerable<Finding> Lowered(IReadOnlyList<Finding> findings) =>
        findings.FirstOrDefault(f => f is { Id: Standing, Outcome: FindingOutcome.Confirmed or FindingOutcome.Suspected })
            is not { } standing
            ? findings
            : findings.Select(f =>
                f.Outcome == FindingOutcome.Confirmed && Behaviour.Contains(f.Id) && !(f.SinceEpoch < standing.SinceEpoch)
                    ? f with
                    {
                        Outcome = FindingOutcome.Suspected,
                        Rule = $"what {Standing} explains is suspected",
                        Sentence = $"{f.Sentence} It may be an echo: the {string.Join(" and the ", standing.Concerns)} stands still.",
                    }
                    : f
            );
}
