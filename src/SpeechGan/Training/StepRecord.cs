using SpeechGan.Data;
using SpeechGan.Metrics;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>The parts of a step's record that are words: samples, reasons, and why a step cannot be taken.</summary>
internal static class StepRecord
{
    /// <summary>The record of a step without a discriminator.</summary>
    public static StepTelemetry WithoutDiscriminator(StepTelemetry telemetry, IEnumerable<string> names)
    {
        const string none = "the GAN term's weight is 0: no discriminator, nothing scored";
        return telemetry with
        {
            Samples = [.. names.Select(n => new SampleScore { Name = n })],
            Unavailable = Absent(("discriminatorLoss", none), ("scores", none)),
        };
    }

    /// <summary>A sample's score and what the discriminator said of it.</summary>
    public static SampleScore OfSample(string name, MetricResult score, double? said, double? ofClean, double? target) =>
        new()
        {
            Name = name,
            Pesq = score.TryGet(out var pesq) ? pesq : null,
            Masked = score.TryGetReason(out var reason) ? reason.Value.ToName() : null,
            Discriminator = said,
            DiscriminatorOfClean = ofClean,
            Target = target,
        };

    /// <summary>Why the discriminator did not step.</summary>
    public static string WhyNotStepped(BatchTargets targets)
    {
        var reasons = string.Join(", ", targets.MaskedByReason.Select(m => $"{m.Key.ToName()} x{m.Value}"));
        return targets.Scored == 0
            ? $"no sample of the batch could be scored: {reasons}"
            : $"metric.onFailure dropped the batch, {targets.Scored} of {targets.Count} samples scored: {reasons}";
    }

    /// <summary>Why a network cannot step, in a sentence; null where its loss and gradient are finite.</summary>
    public static string? WhyNotFinite(string network, double? loss, double? norm, string terms, Batch batch, int epoch, long step) =>
        double.IsFinite(loss ?? 0) && double.IsFinite(norm ?? 0)
            ? null
            : $"The {network}'s {(double.IsFinite(loss ?? 0) ? "gradient" : "loss")} is not finite in step {step} (epoch {epoch}): "
                + $"{terms}, gradient norm {norm}. "
                + $"The batch was {string.Join(", ", batch.Names.Zip(batch.Starts, (n, s) => $"{n} from sample {s}"))}. "
                + "The step was not taken. Lower the learning rate, or set optimizer.gradientClip; resuming repeats this step.";

    /// <summary>The loss terms in words.</summary>
    public static string Describe(LossTerms loss) => $"RI {loss.Ri}, magnitude {loss.Magnitude}, time {loss.Time}, GAN {loss.Gan}";

    /// <summary>Names of absent fields with their reasons.</summary>
    public static Dictionary<string, string> Absent(params (string Name, string Reason)[] entries) =>
        entries.ToDictionary(e => e.Name, e => e.Reason);
}
