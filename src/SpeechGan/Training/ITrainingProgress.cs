using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>Whoever watches a run. Nothing told here changes what is computed or recorded.</summary>
public interface ITrainingProgress
{
    /// <summary>A sentence about the run: what was found in the corpus, which checkpoint is used, what an reconstruction check
    /// gave.</summary>
    void Note(string sentence);

    /// <summary>An epoch begins or goes on.</summary>
    /// <param name="epoch">Epoch, from 1.</param>
    /// <param name="epochs">Epochs in all.</param>
    /// <param name="steps">Steps of an epoch.</param>
    /// <param name="firstStep">Steps of this epoch that are done already.</param>
    void EpochStarted(int epoch, int epochs, int steps, int firstStep);

    /// <summary>A step was taken.</summary>
    void StepTaken(StepTelemetry step);

    /// <summary>An utterance was evaluated.</summary>
    /// <param name="evaluation">Its scores.</param>
    /// <param name="count">Utterances of this evaluation.</param>
    void UtteranceEvaluated(UtteranceEvaluation evaluation, int count);

    /// <summary>An epoch is complete.</summary>
    /// <param name="epoch">Its record.</param>
    /// <param name="verdict">What its training rate says of the discriminator, in a sentence; null where there is none.</param>
    /// <param name="isBest">Whether it is the best so far.</param>
    void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest);
}
