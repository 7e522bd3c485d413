using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Workflows;

/// <summary>Trains several scenarios side by side, each in a process of its own with its own tensor threads: the same bits as one after
/// the other, in less time.</summary>
internal sealed class ScenarioProcesses : IDisposable
{
    private readonly Dictionary<string, Task<RunRecord>> runs;
    private readonly CancellationTokenSource ends;
    private readonly SemaphoreSlim places;
    private readonly string folder = Directory.CreateTempSubdirectory("speechgan-scenarios-").FullName;

    /// <summary>Starts as many as there are places for; the others follow.</summary>
    /// <param name="trial">Corpus and weights.</param>
    /// <param name="goldens">What is trained, in order.</param>
    /// <param name="processes">Most at a time.</param>
    /// <param name="self">The words that start this program.</param>
    /// <param name="stop">Asks for an end.</param>
    public ScenarioProcesses(
        ScenarioTrial trial,
        IReadOnlyList<ScenarioSeed> goldens,
        int processes,
        IReadOnlyList<string> self,
        CancellationToken stop
    )
    {
        ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        places = new SemaphoreSlim(processes);
        var process = new ScenarioProcess(self, measure: false);
        runs = goldens.ToDictionary(
            g => g.GoldenName,
            g =>
            {
                var (data, config) = (trial.Corpus(g.Scenario.Corpus), trial.Config(g.Scenario, g.Seed));
                return Task.Run(() => TrainAsync(g, data, config, process));
            },
            StringComparer.Ordinal
        );
    }

    /// <summary>The record of one, waited for.</summary>
    /// <exception cref="NonFiniteException">Its training ended by a loss or gradient that is not finite.</exception>
    /// <exception cref="EnvironmentException">Its process could not train.</exception>
    public RunRecord Run(Scenario scenario, long seed) => runs[scenario.GoldenName(seed)].GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        ends.Cancel();
        // Children are killed with their own children; their tasks end by that.
        Task.WhenAll(runs.Values).ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        ends.Dispose();
        places.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<RunRecord> TrainAsync(ScenarioSeed golden, string data, RunConfig config, ScenarioProcess process)
    {
        await places.WaitAsync(ends.Token);
        try
        {
            return process.Train(golden.GoldenName, Path.Combine(folder, golden.GoldenName), data, config, ends.Token);
        }
        finally
        {
            places.Release();
        }
    }
}
