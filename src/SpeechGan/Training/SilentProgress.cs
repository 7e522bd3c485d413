using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>No progress is shown: the ranks of a group that are not rank 0.</summary>
public sealed class SilentProgress : ITrainingProgress
{
    private SilentProgress() { }

    /// <summary>The only one there need be.</summary>
    public static SilentProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Note(string sentence) { }

    /// <inheritdoc/>
    public void EpochStarted(int epoch, int epochs, int steps, int firstStep) { }

    /// <inheritdoc/>
    public void StepTaken(StepTelemetry step) { }

    /// <inheritdoc/>
    public void UtteranceEvaluated(UtteranceEvaluation evaluation, int count) { }

    /// <inheritdoc/>
    public void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest) { }
}
