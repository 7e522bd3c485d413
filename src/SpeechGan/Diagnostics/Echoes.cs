namespace SpeechGan.Diagnostics;

/// <summary>
/// Which network a symptom belongs to: where one stands still, the other trains against something that does not move, and what is seen of
/// it (a loss that does not fall, a judgement that follows nothing, a term without pull) says nothing more. Such findings are suspected at
/// most, and rank below; one that began earlier is no echo.
/// </summary>
internal static class Echoes
{
    private const string Standing = "weights-stand-still",
        Silent = "generator-silent";

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

    /// <summary>The findings, with confirmed echoes made suspected: of networks that train against one that stands still, and of a
    /// generator that stands still since it is silent.</summary>
    public static IEnumerable<Finding> Lowered(IReadOnlyList<Finding> findings) => OfSilence([.. OfStandingStill(findings)]);

    private static IEnumerable<Finding> OfStandingStill(IReadOnlyList<Finding> findings) =>
        findings.FirstOrDefault(f => f is { Id: Standing, Outcome: FindingOutcome.Confirmed or FindingOutcome.Suspected })
            is not { } standing
            ? findings
            : findings.Select(f =>
                f.Outcome == FindingOutcome.Confirmed && Behaviour.Contains(f.Id) && !(f.SinceEpoch < standing.SinceEpoch)
                    ? Lower(f, Standing, $"the {string.Join(" and the ", standing.Concerns)} stands still")
                    : f
            );

    // A silent estimate has no gradient: its generator moves no more. One that was not silent from the beginning moved until then.
    private static IEnumerable<Finding> OfSilence(IReadOnlyList<Finding> findings) =>
        findings.FirstOrDefault(f => f is { Id: Silent, Outcome: FindingOutcome.Confirmed, SinceEpoch: > 1 }) is null
            ? findings
            : findings.Select(f =>
                f is { Id: Standing, Outcome: FindingOutcome.Confirmed, Concerns: ["generator"] }
                    ? Lower(f, Silent, "the generator is silent")
                    : f
            );

    private static Finding Lower(Finding finding, string cause, string why) =>
        finding with
        {
            Outcome = FindingOutcome.Suspected,
            Rule = $"what {cause} explains is suspected",
            Sentence = $"{finding.Sentence} It may be an echo: {why}.",
        };
}
