using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>Watches a run and asks for its end after a given step of the run, as Ctrl-C would; keeps what it was told.</summary>
internal sealed class StopAtStep(long? last) : ITrainingProgress, IDisposable
{
    private readonly CancellationTokenSource stop = new();

    public CancellationToken Token => stop.Token;

    /// <summary>Sentences told.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Verdicts on the discriminator's rate, an epoch each.</summary>
    public List<string?> Verdicts { get; } = [];

    public void Note(string sentence) => Notes.Add(sentence);

    public void EpochStarted(int epoch, int epochs, int steps, int firstStep) { }

    public void StepTaken(StepTelemetry step)
    {
        if (step.Step == last)
            stop.Cancel();
    }

    public void UtteranceEvaluated(UtteranceEvaluation evaluation, int count) { }

    public void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest) => Verdicts.Add(verdict);

    public void Dispose() => stop.Dispose();
}
