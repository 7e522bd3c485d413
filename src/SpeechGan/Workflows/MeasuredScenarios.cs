using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Workflows;

/// <summary>Trains scenarios one after the other, each in a process of its own that is measured: two at a time would cost each
/// other.</summary>
/// <param name="trial">Corpus and weights.</param>
/// <param name="self">The words that start this program.</param>
/// <param name="stop">Asks for an end.</param>
internal sealed class MeasuredScenarios(ScenarioTrial trial, IReadOnlyList<string> self, CancellationToken stop) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("speechgan-measured-").FullName;
    private readonly ScenarioProcess process = new(self, measure: true);
    private int count;

    /// <summary>Trains one.</summary>
    /// <exception cref="NonFiniteException">The training ended by a loss or gradient that is not finite.</exception>
    /// <exception cref="EnvironmentException">The process could not train.</exception>
    public RunRecord Run(Scenario scenario, long seed)
    {
        var run = Path.Combine(folder, $"run-{++count}");
        var record = process.Train(scenario.GoldenName(seed), run, trial.Corpus(scenario.Corpus), trial.Config(scenario, seed), stop);
        Directory.Delete(run, recursive: true);
        return record;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);
}
