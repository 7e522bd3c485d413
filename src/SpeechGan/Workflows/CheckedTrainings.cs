using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>How the scenarios of one check are trained: in this process one after the other, in several processes side by side, or each
/// alone in a process of its own, where its cost is measured.</summary>
internal sealed class CheckedTrainings : IDisposable
{
    private readonly MeasuredScenarios? measured;
    private readonly ScenarioProcesses? sideBySide;

    /// <summary>Starts them where they run side by side.</summary>
    /// <param name="trial">Trains in this process.</param>
    /// <param name="chosen">What is trained.</param>
    /// <param name="processes">Trainings at a time; null: as many as cores.</param>
    /// <param name="measures">Whether the cost is measured.</param>
    /// <param name="self">Command that starts this program.</param>
    /// <param name="stop">Ends what runs.</param>
    public CheckedTrainings(
        ScenarioTrial trial,
        IReadOnlyList<ScenarioSeed> chosen,
        int? processes,
        bool measures,
        IReadOnlyList<string> self,
        CancellationToken stop
    )
    {
        var several = Math.Min(processes ?? Environment.ProcessorCount, chosen.Count);
        Run = trial.Run;
        if (measures)
        {
            measured = new MeasuredScenarios(trial, self, stop);
            Run = measured.Run;
        }
        else if (several > 1)
        {
            sideBySide = new ScenarioProcesses(trial, chosen, several, self, stop);
            Run = sideBySide.Run;
        }
    }

    /// <summary>Trains a scenario with a seed, or waits for the training of it, and gives back its record.</summary>
    public Func<Scenario, long, RunRecord> Run { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        sideBySide?.Dispose();
        measured?.Dispose();
    }
}
