using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>
/// How much each weighted loss term pulls at the generator's output: its gradient's norm over the sum of the terms' norms, 0 to 1, as a
/// mean over the steps of an epoch. A missing or doubled term shows here at once, where PESQ barely moves.
/// </summary>
public static class GradientShares
{
    /// <summary>Mean shares by name (<c>gradientShare.gan</c>), and the mean norms of whole parameter gradients
    /// (<c>gradientNorm.generator</c>); what no step measured is left out.</summary>
    public static IReadOnlyDictionary<string, double> Of(IReadOnlyList<StepTelemetry> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return Of(steps.Select(s => s.GradientNorm));
    }

    /// <summary>The same of the steps' norms alone.</summary>
    internal static IReadOnlyDictionary<string, double> Of(IEnumerable<GradientNorms?> measured)
    {
        var means = new Dictionary<string, double>();
        GradientNorms[] norms = [.. measured.OfType<GradientNorms>()];
        Add("gradientShare.ri", n => n.Ri / Sum(n));
        Add("gradientShare.magnitude", n => n.Magnitude / Sum(n));
        Add("gradientShare.time", n => n.Time / Sum(n));
        Add("gradientShare.gan", n => n.Gan / Sum(n));
        Add("gradientNorm.generator", n => n.Generator);
        Add("gradientNorm.discriminator", n => n.Discriminator);
        return Absence.Ordered(means);

        void Add(string name, Func<GradientNorms, double?> value)
        {
            double[] values = [.. norms.Select(value).OfType<double>().Where(double.IsFinite)];
            if (values.Length > 0)
                means[name] = values.Sum() / values.Length;
        }
    }

    // 0 where no term has a gradient: the shares are then not numbers, and left out.
    private static double Sum(GradientNorms norms) => (norms.Ri ?? 0) + (norms.Magnitude ?? 0) + (norms.Time ?? 0) + (norms.Gan ?? 0);
}
