using SpeechGan.Metrics;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// The run's last samples that have a score and a judgement of the discriminator: the last half of the run, since it is untrained at the beginning. What it said
/// was said before it learnt the sample, so that nothing here was known to it.
/// </summary>
internal sealed record DiscriminatorWindow(IReadOnlyList<(double Said, double Target)> Pairs, IReadOnlyList<double> OfClean, int FirstEpoch)
{
    public static DiscriminatorWindow Of(RunRecord run)
    {
        var half = run.Steps.Skip(run.Steps.Count / 2).ToList();
        var samples = half.SelectMany(s => s.Samples ?? []).ToList();
        return new DiscriminatorWindow(
            [.. samples.Where(s => s is { Pesq: not null, Discriminator: not null }).Select(s => (s.Discriminator!.Value, MetricTargets.Normalise(s.Pesq!.Value)))],
            [.. samples.Where(s => s.DiscriminatorOfClean is not null).Select(s => s.DiscriminatorOfClean!.Value)],
            half.Count > 0 ? half[0].Epoch : 0);
    }

    public static double Spread(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var mean = all.Average();
        return Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / all.Length);
    }

    /// <summary>Pearson's correlation; null where one side does not vary.</summary>
    public double? Correlation()
    {
        if (Pairs.All(p => p.Said == Pairs[0].Said))
        {
            return null;
        }

        double said = Pairs.Average(p => p.Said), target = Pairs.Average(p => p.Target), both = 0, s = 0, t = 0;
        foreach (var p in Pairs)
        {
            both += (p.Said - said) * (p.Target - target);
            s += (p.Said - said) * (p.Said - said);
            t += (p.Target - target) * (p.Target - target);
        }

        return s * t > 0 ? Math.Clamp(both / Math.Sqrt(s) / Math.Sqrt(t), -1, 1) : null;
    }
}
