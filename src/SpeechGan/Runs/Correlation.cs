namespace SpeechGan.Runs;

/// <summary>Pearson's correlation of what the discriminator said with what it should have said.</summary>
internal static class Correlation
{
    /// <summary>The correlation, -1 to 1, of pairs that can be gone through again; null where one side does not vary, or
    /// there is no pair.</summary>
    public static double? Of(IEnumerable<(double Said, double Target)> pairs)
    {
        var first = pairs.FirstOrDefault();
        if (pairs.All(p => p.Said == first.Said) || pairs.All(p => p.Target == first.Target))
            return null;

        double saidMean = pairs.Average(p => p.Said),
            targetMean = pairs.Average(p => p.Target);
        double both = 0,
            said = 0,
            target = 0;
        foreach (var p in pairs)
        {
            both += (p.Said - saidMean) * (p.Target - targetMean);
            said += (p.Said - saidMean) * (p.Said - saidMean);
            target += (p.Target - targetMean) * (p.Target - targetMean);
        }

        return said * target > 0 ? Math.Clamp(both / (Math.Sqrt(said) * Math.Sqrt(target)), -1, 1) : null;
    }
}
