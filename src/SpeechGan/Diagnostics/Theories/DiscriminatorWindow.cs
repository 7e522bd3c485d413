using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// The run's last samples that have a score and a judgement of the discriminator: the last half of the run, since it is untrained at the
/// beginning. What it said was said before it learnt the sample, so that nothing here was known to it.
/// </summary>
internal sealed class DiscriminatorWindow
{
    /// <summary>Fewest samples that are judged.</summary>
    public const int Fewest = 40;

    /// <summary>PESQ of 0.1 on the discriminator's scale: below such a spread of targets there is nothing to follow.</summary>
    public const double LeastSpread = 0.1 / EpochSummary.PesqRange;

    private readonly RunRecord run;

    private DiscriminatorWindow(RunRecord run)
    {
        this.run = run;
        FirstEpoch = run.Rows.Count > 0 ? run.Rows[run.Rows.Count / 2].Epoch : 0;
        Count = Pairs.Count();
    }

    /// <summary>What it said of an estimate and what its target was; gone through again each time.</summary>
    public IEnumerable<(double Said, double Target)> Pairs =>
        Samples.Where(s => s is { Pesq: not null, Discriminator: not null }).Select(s => (s.Discriminator!.Value, TargetOf(s.Pesq!.Value)));

    /// <summary>What it said of clean speech; gone through again each time.</summary>
    public IEnumerable<double> OfClean => Samples.Where(s => s.DiscriminatorOfClean is not null).Select(s => s.DiscriminatorOfClean!.Value);

    /// <summary>Number of <see cref="Pairs"/>.</summary>
    public int Count { get; }

    /// <summary>First epoch of the half.</summary>
    public int FirstEpoch { get; }

    private IEnumerable<SampleRow> Samples => run.Rows.From(run.Rows.Count / 2).SelectMany(s => s.Samples ?? []);

    public static DiscriminatorWindow Of(RunRecord run) => new(run);

    /// <summary>PESQ's place between 1 and 4.5 (CMGAN, section III-D): a formula of the theories' own, so that a program with a wrong one
    /// still convicts itself.</summary>
    public static double TargetOf(double pesq) => (pesq - 1) / 3.5;

    /// <summary>Standard deviation of values that can be gone through twice.</summary>
    public static double Spread(IEnumerable<double> values)
    {
        var mean = values.Average();
        double sum = 0;
        var count = 0;
        foreach (var value in values)
        {
            sum += (value - mean) * (value - mean);
            count++;
        }

        return Math.Sqrt(sum / count);
    }

    /// <summary>Pearson's correlation; null where one side does not vary.</summary>
    public double? Correlation() => Runs.Correlation.Of(Pairs);

    /// <summary>Why the window cannot be judged: too few pairs, or none since there is no discriminator; null where it can.</summary>
    public string? WhyNot(RunRecord run)
    {
        if (Count >= Fewest)
            return null;
        if (run.Config is { HasDiscriminator: false })
            return "the run trains without a discriminator (loss.weights.gan is 0)";
        return $"{Count} samples have both a score and a judgement in the last half of the run, and {Fewest} are needed";
    }
}
