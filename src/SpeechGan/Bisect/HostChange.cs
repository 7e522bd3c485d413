namespace SpeechGan.Bisect;

/// <summary>
/// Two runs on different hosts, one of which may be another tensor engine on the same machine: other bits are right there, and a value may
/// move within the spread between hosts without a mistake by anyone.
/// </summary>
/// <param name="Before">What differs of the first host, in its words.</param>
/// <param name="After">The same places of the second.</param>
public sealed record HostChange(string Before, string After)
{
    /// <summary>What changed; null where both are the same or one is not known.</summary>
    /// <param name="before">A host's fingerprint in words; null where the run has none.</param>
    /// <param name="after">Another's.</param>
    public static HostChange? Between(string? before, string? after)
    {
        if (before is null || after is null || before == after)
            return null;
        string[] one = before.Split("; "),
            other = after.Split("; ");
        return new HostChange(Differing(one, other), Differing(other, one));
    }

    // Parts stand in fixed order; where their number differs, those at the end are new.
    private static string Differing(string[] of, string[] from) =>
        string.Join("; ", of.Where((part, i) => i >= from.Length || part != from[i]).DefaultIfEmpty("nothing more"));

    /// <summary>From what to what.</summary>
    public string InWords => $"from {Before} to {After}";
}
