using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>Puts an epoch's discriminator training rate into words, by the diagnostics room's rules.</summary>
internal static class RateVerdict
{
    /// <summary>A sentence for the console; null where the run has no rate.</summary>
    public static string? Of(EpochTelemetry epoch)
    {
        if (epoch is not { TrainingRate: not null, BatchesStepped: { } stepped, BatchesSeen: { } seen })
            return null;
        var (outcome, rule, _, _) = DiscriminatorStarved.Judge(stepped, seen);
        var judgement = outcome switch
        {
            FindingOutcome.Confirmed => "starved",
            FindingOutcome.Suspected => "starvation suspected",
            FindingOutcome.Rejected => "healthy",
            _ => "inconclusive",
        };
        return $"discriminator trained on {stepped} of {seen} batches: {judgement} ({rule})";
    }
}
