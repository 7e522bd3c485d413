using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>A run of one side.</summary>
/// <param name="Label">The side, as the command line named it.</param>
/// <param name="Record">Its record.</param>
public sealed record ComparedRun(string Label, RunRecord Record)
{
    /// <summary>Its seed: runs of both sides are paired by it.</summary>
    /// <exception cref="ComparisonException">It is an imported run, which has none.</exception>
    public long Seed =>
        Record.Info.Seed
        ?? throw new ComparisonException(
            $"'{Label}' was imported: its record has no seed, so nothing says that both sides saw the same batches. Use speechgan diagnose "
                + $"{Label} --baseline OTHER."
        );

    /// <summary>Whether it is over: completed, or failed, which no further step follows either.</summary>
    public bool IsOver => Record.Info.Status is RunStatus.Completed or RunStatus.Failed;
}
