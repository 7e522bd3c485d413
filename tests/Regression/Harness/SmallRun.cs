using SpeechGan.Data;
using SpeechGan.Engine;
using SpeechGan.Runs;
using SpeechGan.Training;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>The real trainer on the smallest network that has every part: about 80 ms a step.</summary>
internal static class SmallRun
{
    /// <summary>What differs from preset tiny, as the command line takes it. One tensor thread: two tests may share two cores.</summary>
    public static IReadOnlyList<string> Overrides { get; } =
    [
        "model.channels=2",
        "model.heads=1",
        "model.blocks=1",
        "discriminator.features=2",
        "data.trainCutSeconds=0.25",
        "data.batchSize=2",
        "data.workers=0",
        "data.readAhead=0",
        "train.epochs=2",
        "train.stepsPerEpoch=2",
        "train.threads=1",
        "evaluation.cutSeconds=1",
        "evaluation.everyEpochs=1",
    ];

    /// <summary>The configuration with further knobs.</summary>
    public static RunConfig Config(params string[] further) => RunConfig.Load("tiny", null, [.. Overrides, .. further]);

    /// <summary>The command that trains it.</summary>
    /// <param name="corpus">Corpus.</param>
    /// <param name="run">Run folder.</param>
    /// <param name="further">Further options, <c>key=value</c>.</param>
    public static string[] Command(string corpus, string run, params IEnumerable<string> further) =>
        ["train", "--data", corpus, "--out", run, "--preset", "tiny", .. Overrides.Concat(further).SelectMany(k => new[] { "--set", k })];

    /// <summary>This process and machine.</summary>
    public static RunStart Surroundings(RunConfig config) => new() { Host = TensorHost.Fingerprint(config) };

    /// <summary>Starts a run, or continues the one that lies there.</summary>
    /// <param name="path">Run folder.</param>
    /// <param name="corpus">Corpus.</param>
    /// <param name="config">Configuration of a new run; a run that lies there has its own.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <param name="progress">Told what happens; null: nobody.</param>
    /// <returns>Whether it is complete.</returns>
    public static bool Go(string path, string corpus, RunConfig config, IRunStorage? storage = null, StopAtStep? progress = null)
    {
        progress ??= new StopAtStep(null);
        var resume = RunFolder.HoldsRun(path);
        using var folder = resume
            ? RunFolder.Resume(path, Surroundings(config), storage: storage)
            : RunFolder.Create(path, config, Surroundings(config), storage);
        using var trainer = new Trainer(folder, Open(corpus, folder.Config), progress);
        if (resume)
            trainer.Resume();
        return trainer.Run(progress.Token);
    }

    /// <summary>The corpus as the run's configuration has it.</summary>
    public static PairedCorpus Open(string corpus, RunConfig config) => CorpusOfRun.Open(corpus, config);

    /// <summary>A whole run without a stop.</summary>
    public static RunRecord Whole(string path, string corpus, RunConfig config)
    {
        Go(path, corpus, config).Should().BeTrue();
        return RunRecord.Load(path);
    }
}
