using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>A run of one side.</summary>
/// <param name="Label">The side, as the command line named it.</param>
/// <param name="Record">Its record.</param>
public sealed record ComparedRun(string Label, RunRecord Record)
{
    /// <summary>Its seed: runs of both sides are paired by it; null for an imported run, whose record tells none.</summary>
    public long? Seed => Record.Info.Seed;

    /// <summary>Whether it was imported from another trainer's record.</summary>
    public bool IsImported => Record.Info.Import is not null;

    /// <summary>Whether it is over: completed, or failed, which no further step follows either; an imported record is compared as it
    /// is.</summary>
    public bool IsOver => Record.Info.Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Imported;
}
