using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>Puts an epoch's discriminator training rate into words; the judgement is the diagnostics room's.</summary>
internal static class RateVerdict
{
    public static string? Of(EpochTelemetry epoch) => epoch.TrainingRate is null ? null : $"trained on {epoch.BatchesStepped} of {epoch.BatchesSeen} batches";
}
