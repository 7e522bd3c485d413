using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>
/// Writes what is told of a run to <c>RUN/tensorboard/</c> and passes it on. A picture of the run and not its record: where the file cannot
/// be written, that is noted once and the training goes on without it.
/// </summary>
/// <param name="runFolder">The run's folder.</param>
/// <param name="next">Told everything too.</param>
/// <param name="clock">Wall time; null: the system's.</param>
public sealed class TensorBoardProgress(string runFolder, ITrainingProgress next, TimeProvider? clock = null)
    : ITrainingProgress,
        IDisposable
{
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private EventFile? file;
    private bool failed;

    /// <inheritdoc/>
    public void Note(string sentence) => next.Note(sentence);

    /// <inheritdoc/>
    public void EpochStarted(int epoch, int epochs, int steps, int firstStep) => next.EpochStarted(epoch, epochs, steps, firstStep);

    /// <inheritdoc/>
    public void StepTaken(StepTelemetry step)
    {
        ArgumentNullException.ThrowIfNull(step);
        // Begun with the first step: only then is it known where a resumed run goes on.
        Write(() => (file ??= EventFile.Create(runFolder, step.Step, clock)).Append(step.Step, EventScalars.Of(step)));
        next.StepTaken(step);
    }

    /// <inheritdoc/>
    public void UtteranceEvaluated(UtteranceEvaluation evaluation, int count) => next.UtteranceEvaluated(evaluation, count);

    /// <inheritdoc/>
    public void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        Write(() =>
        {
            // An epoch resumed behind its last step has taken none here: what its end replaces begins with that step.
            file ??= EventFile.Create(runFolder, (epoch.LastStep ?? 0) + 1, clock);
            file.Append(epoch.LastStep ?? 0, EventScalars.Of(epoch));
            file.Flush();
        });
        next.EpochCompleted(epoch, verdict, isBest);
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private void Write(Action write)
    {
        if (failed)
            return;
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failed = true; // behind half a record nothing more could be read
            next.Note(
                $"TensorBoard's event file in '{Path.Combine(runFolder, EventFile.FolderName)}' cannot be written "
                    + $"({e.Message.TrimEnd('.')}); the training continues without it, and its record is complete."
            );
        }
    }
}
