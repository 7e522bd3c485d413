using SpeechGan.Engine;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Workflows;

/// <summary>Trains scenarios with the real trainer, in a folder of its own that goes with it.</summary>
internal sealed class ScenarioTrial : IDisposable
{
    private readonly GoldenPlace place;
    private readonly CancellationToken stop;
    private readonly string folder = Directory.CreateTempSubdirectory("speechgan-scenarios-").FullName;
    private int count;

    /// <summary>Makes it.</summary>
    /// <param name="place">Corpus and weights.</param>
    /// <param name="stop">Asks for an end.</param>
    public ScenarioTrial(GoldenPlace place, CancellationToken stop = default) => (this.place, this.stop) = (place, stop);

    /// <summary>Trains a scenario.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="OperationCanceledException">An end was asked for.</exception>
    public RunRecord Run(Scenario scenario, long seed) => Run(scenario, Config(scenario, seed));

    /// <summary>Trains a scenario with a configuration of its own: for planted faults and measurements.</summary>
    public RunRecord Run(Scenario scenario, RunConfig config)
    {
        var path = Path.Combine(folder, $"run-{++count}");
        var record = Train(path, Corpus(scenario.Corpus), config);
        Directory.Delete(path, recursive: true);
        return record;
    }

    /// <summary>Trains into a run folder, which stays.</summary>
    /// <param name="path">The run folder to be made.</param>
    /// <param name="data">Corpus.</param>
    /// <param name="config">Configuration.</param>
    /// <exception cref="OperationCanceledException">An end was asked for.</exception>
    public RunRecord Train(string path, string data, RunConfig config)
    {
        TensorDevice.Require(config.Train.Device);
        var corpus = CorpusOfRun.Open(data, config);
        using (
            var run = RunFolder.Create(
                path,
                config,
                new RunStart
                {
                    Host = TensorHost.Fingerprint(config),
                    Versions = Versions.All,
                    GitCommit = Versions.GitCommit,
                    Data = Path.GetFullPath(data),
                }
            )
        )
        using (var trainer = new Trainer(run, corpus, SilentProgress.Instance))
            if (!trainer.Run(stop))
                throw new OperationCanceledException(stop);
        return RunRecord.Load(path);
    }

    /// <summary>A scenario's configuration with the weights it begins with.</summary>
    public RunConfig Config(Scenario scenario, long seed, params string[] further) =>
        scenario.Config(
            seed,
            [
                .. scenario.TrainedStart
                    ? [$"train.initGenerator={place.Generator}", $"train.initDiscriminator={place.Discriminator}"]
                    : Array.Empty<string>(),
                .. further,
            ]
        );

    /// <summary>A corpus of the scenario's pairs, copied once.</summary>
    /// <exception cref="UsageException">The bundled corpus has fewer.</exception>
    public string Corpus(ScenarioCorpus pairs)
    {
        var corpus = Path.Combine(folder, $"corpus-{pairs.Train}-{pairs.Valid}");
        if (Directory.Exists(corpus))
            return corpus;
        foreach (var (part, wanted) in new[] { ("train", (int?)pairs.Train), ("valid", pairs.Valid), ("silent", null) })
        foreach (var side in new[] { "clean", "noisy" })
        {
            var from = Path.Combine(place.Corpus, part, side);
            var files = Directory.GetFiles(from, "*.wav").Order(StringComparer.Ordinal).ToList();
            if (files.Count < wanted)
                throw new UsageException(
                    $"'{from}' has {files.Count} files, and the scenario needs {wanted}. Restore the corpus from version control, or make "
                        + $"it with tools/make-corpus."
                );
            var to = Directory.CreateDirectory(Path.Combine(corpus, part, side)).FullName;
            foreach (var file in files.Take(wanted ?? files.Count))
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        return corpus;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);
}
