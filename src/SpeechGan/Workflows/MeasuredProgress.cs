using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Workflows;

/// <summary>Measures what a training costs while it goes on: each step beside the calibration loop, and the peak of memory since it was
/// made. Whoever watches is told everything too.</summary>
internal sealed class MeasuredProgress : ITrainingProgress
{
    private readonly ITrainingProgress next;
    private readonly List<StepCost> steps = [];
    private readonly CalibrationLoop loop = new();
    private TimeSpan begin;
    private double before;
    private readonly bool forgotten;
    private readonly long? resident;

    /// <summary>Makes it, before the trainer: what is resident now is not of the training.</summary>
    /// <param name="next">Told everything too.</param>
    public MeasuredProgress(ITrainingProgress next)
    {
        this.next = next;
        GC.Collect(); // what the start left behind is not of the training
        forgotten = ResidentMemory.TryForgetPeak();
        resident = ResidentMemory.Now();
    }

    /// <inheritdoc/>
    public void Note(string sentence) => next.Note(sentence);

    /// <inheritdoc/>
    public void EpochStarted(int epoch, int epochs, int steps, int firstStep)
    {
        next.EpochStarted(epoch, epochs, steps, firstStep);
        Begin(loop.Seconds());
    }

    /// <inheritdoc/>
    public void StepTaken(StepTelemetry step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var spent = Environment.CpuUsage.TotalTime - begin;
        var after = loop.Seconds();
        if (step.Seconds?.Total is { } wall)
            steps.Add(
                new StepCost
                {
                    Step = step.Step,
                    Seconds = wall,
                    CpuSeconds = spent.TotalSeconds,
                    LoopSeconds = (before + after) / 2,
                }
            );
        next.StepTaken(step);
        Begin(after);
    }

    /// <inheritdoc/>
    public void UtteranceEvaluated(UtteranceEvaluation evaluation, int count) => next.UtteranceEvaluated(evaluation, count);

    /// <inheritdoc/>
    public void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest) => next.EpochCompleted(epoch, verdict, isBest);

    /// <summary>What was measured so far.</summary>
    public RunPerformance Measured()
    {
        var peak = ResidentMemory.Peak();
        var why =
            resident is null || peak is null ? "this system does not tell the resident memory of a process (/proc/self/status)"
            : !forgotten ? "this system does not let a process forget its earlier peak of memory (/proc/self/clear_refs)"
            : null;
        return new RunPerformance
        {
            Steps = steps,
            PeakMemory = why is null ? Math.Max(0, peak!.Value - resident!.Value) : null,
            Unavailable = why is null ? Absence.None : Absence.Of("peakMemory", why),
        };
    }

    private void Begin(double loopSeconds)
    {
        before = loopSeconds;
        begin = Environment.CpuUsage.TotalTime;
    }
}
