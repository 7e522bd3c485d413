namespace SpeechGan.Diagnostics.Probes;

/// <summary>What the probes of a run came to.</summary>
/// <param name="Window">The window in words.</param>
/// <param name="Findings">One a probe.</param>
public sealed record ProbeVerdict(string Window, IReadOnlyList<Finding> Findings)
{
    /// <summary>Puts the replays together.</summary>
    /// <param name="window">The window in words.</param>
    /// <param name="before">The checkpoint itself.</param>
    /// <param name="replays">Replays of all ingredients and seeds, the unchanged ones among them.</param>
    /// <param name="ingredients">What was tried, in order.</param>
    public static ProbeVerdict Of(string window, Replay before, IReadOnlyList<Replay> replays, IReadOnlyList<Ingredient> ingredients)
    {
        ArgumentNullException.ThrowIfNull(replays);
        ArgumentNullException.ThrowIfNull(ingredients);
        List<Replay> Of(string id) => [.. replays.Where(r => r.Ingredient == id)];
        var unchanged = Of(Ingredient.Unchanged.Id);
        return new ProbeVerdict(
            window,
            [
                FailurePolicies.Judge(unchanged),
                .. ingredients.Select(i => Counterfactual.Judge(i, Effect.Of(before, unchanged, Of(i.Id)), window)),
            ]
        );
    }
}
