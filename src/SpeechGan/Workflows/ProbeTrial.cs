using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using SpeechGan.Data;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Distributed;
using SpeechGan.Engine;
using SpeechGan.Evaluation;
using SpeechGan.Runs;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Workflows;

/// <summary>Trains replays with the real trainer, each in a folder of its own that goes with it, and evaluates the checkpoint
/// itself.</summary>
internal sealed class ProbeTrial : IDisposable
{
    private readonly RunConfig config;
    private readonly ProbeWindow window;
    private readonly PairedCorpus corpus;
    private readonly CancellationToken stop;
    private readonly string folder = Directory.CreateTempSubdirectory("speechgan-probe-").FullName;
    private int count;

    /// <summary>Makes it.</summary>
    /// <param name="config">The probed run's configuration.</param>
    /// <param name="window">What is replayed.</param>
    /// <param name="data">Folder of its corpus.</param>
    /// <param name="stop">Asks for an end.</param>
    public ProbeTrial(RunConfig config, ProbeWindow window, string data, CancellationToken stop)
    {
        (this.config, this.window, this.stop) = (config, window, stop);
        TensorDevice.Require(config.Train.Device);
        // The run's own configuration, whatever seed is replayed: it decides what is held out for validation.
        corpus = CorpusOfRun.Open(data, config).WithoutTest();
    }

    /// <summary>What a replay is known by: everything that decides its bits.</summary>
    public string Key(string ingredient, RunConfig replay)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in window.Start.Parts.Where(p => p.Key != "config.json").OrderBy(p => p.Key, StringComparer.Ordinal))
            hash.AppendData(part.Value.Span);
        foreach (
            var text in new[]
            {
                ingredient,
                replay.ToJson(),
                window.Start.Name.ToString(),
                TensorHost.Fingerprint(replay).InWords(),
                Versions.Program,
                Versions.GitCommit ?? "",
            }
        )
            hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        foreach (var utterance in corpus.Train.Concat(corpus.Valid).Concat(corpus.MixIn))
            hash.AppendData(Encoding.UTF8.GetBytes(utterance.Name + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>Trains the window.</summary>
    /// <exception cref="OperationCanceledException">An end was asked for.</exception>
    public Replay Run(string key, string ingredient, RunConfig replay)
    {
        var clock = Stopwatch.StartNew();
        var path = Path.Combine(folder, $"replay-{++count}");
        using (
            var run = RunFolder.Create(
                path,
                replay,
                new RunStart
                {
                    Host = TensorHost.Fingerprint(replay),
                    Versions = Versions.All,
                    GitCommit = Versions.GitCommit,
                }
            )
        )
        using (var trainer = new Trainer(run, corpus, SilentProgress.Instance))
        {
            trainer.StartFrom(window.Start);
            if (!trainer.Run(stop))
                throw new OperationCanceledException(stop);
        }
        // A record reads its steps when they are asked for: the folder stays until then.
        var made = Replay.Of(key, ingredient, RunRecord.Load(path), config.Loss.Weights) with
        {
            Checkpoint = window.Start.Name.ToString(),
            Seconds = clock.Elapsed.TotalSeconds,
        };
        Directory.Delete(path, recursive: true);
        return made;
    }

    /// <summary>The checkpoint itself, evaluated as replays are.</summary>
    public Replay Before(string key, RunConfig replay)
    {
        var scores = Evaluate(replay, window.Start.Name.Epoch);
        return new Replay
        {
            Key = key,
            Checkpoint = window.Start.Name.ToString(),
            Ingredient = Replay.Before,
            Seed = replay.Seed,
            Pesq = Replay.Values(scores, RecordName.Pesq),
            SiSdr = Replay.Values(scores, RecordName.SiSdr),
        };
    }

    /// <summary>The checkpoint's validation with other evaluation knobs, as after an epoch.</summary>
    public IReadOnlyList<UtteranceEvaluation> Evaluate(RunConfig otherwise, int epoch)
    {
        set_num_threads(otherwise.Train.Threads);
        using var networks = new Networks(otherwise);
        CheckpointParts.RestoreGenerator(window.Start, networks.Generator);
        networks.Train(false);
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        return new SharedEvaluation(new Evaluator(otherwise), SoleProcess.Instance).Evaluate(
            corpus.Valid,
            RecordName.Valid,
            epoch,
            noisy => enhancer.Enhance(noisy),
            null,
            null,
            stop
        );
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);
}
