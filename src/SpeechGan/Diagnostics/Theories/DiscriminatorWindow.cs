using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// The run's last samples that have a score and a judgement of the discriminator: the last half of the run, since it is untrained at the
/// beginning. What it said was said before it learnt the sample, so that nothing here was known to it.
/// </summary>
internal sealed record DiscriminatorWindow(IReadOnlyList<(double Said, double Target)> Pairs, IReadOnlyList<double> OfClean, int FirstEpoch)
{
    /// <summary>Fewest samples that are judged.</summary>
    public const int Fewest = 40;

    /// <summary>PESQ of 0.1 on the discriminator's scale: below such a spread of targets there is nothing to follow.</summary>
    public const double LeastSpread = 0.1 / EpochSummary.PesqRange;

    public static DiscriminatorWindow Of(RunRecord run)
    {
        var half = run.Steps.Skip(run.Steps.Count / 2).ToList();
        var samples = half.SelectMany(s => s.Samples ?? []).ToList();
        return new DiscriminatorWindow(
            [
                .. samples
                    .Where(s => s is { Pesq: not null, Discriminator: not null })
                    .Select(s => (s.Discriminator!.Value, TargetOf(s.Pesq!.Value))),
            ],
            [.. samples.Where(s => s.DiscriminatorOfClean is not null).Select(s => s.DiscriminatorOfClean!.Value)],
            half.Count > 0 ? half[0].Epoch : 0
        );
    }

    /// <summary>PESQ's place between 1 and 4.5 (CMGAN, section III-D): a formula of the theories' own, so that a program with a wrong one
    /// still convicts itself.</summary>
    public static double TargetOf(double pesq) => (pesq - 1) / 3.5;

    public static double Spread(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var mean = all.Average();
        return Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / all.Length);
    }

    /// <summary>Pearson's correlation; null where one side does not vary.</summary>
    public double? Correlation() => Runs.Correlation.Of(Pairs);

    /// <summary>Why the window cannot be judged: too few pairs, or none since there is no discriminator; null where it can.</summary>
    public string? WhyNot(RunRecord run) =>
        Pairs.Count >= Fewest ? null
        : run.Config is { HasDiscriminator: false } ? "the run trains without a discriminator (loss.weights.gan is 0)"
        : $"{Pairs.Count} samples have both a score and a judgement in the last half of the run, and {Fewest} are needed";
}
