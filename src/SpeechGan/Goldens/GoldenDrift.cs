namespace SpeechGan.Goldens;

/// <summary>
/// The sum of approvals: each may be small enough to nod through, and ten of them a loss of half a point. A trajectory is therefore also
/// held against the first approved one (or the last whose drift was accepted), within that one's tolerances, whatever the host.
/// </summary>
public static class GoldenDrift
{
    /// <summary>How a received trajectory stands to the anchor.</summary>
    /// <param name="anchor">What drift is measured from.</param>
    /// <param name="received">What is about to be approved.</param>
    /// <returns>The divergences beyond the anchor's tolerances; none where the change is small in sum.</returns>
    public static IReadOnlyList<Divergence> Of(Golden anchor, Trajectory received)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentNullException.ThrowIfNull(received);
        return GoldenComparison.Of(anchor, received, host: null).Divergences;
    }

    /// <summary>The refusal in a sentence.</summary>
    internal static string Sentence(string name, Golden anchor, IReadOnlyList<Divergence> drift)
    {
        var worst = drift.MaxBy(d => d.Severity)!;
        return $"Golden '{name}' is not approved: with it the cumulative drift since the first approval, of {anchor.Provenance.Date}, "
            + $"exceeds the tolerance. Furthest: {worst.InWords()}; {GoldenComparison.Count(drift.Count)} in all. If this is "
            + $"intended, give --accept-drift: drift is then measured from this golden on.";
    }
}
