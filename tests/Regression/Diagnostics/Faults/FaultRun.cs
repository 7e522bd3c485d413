using System.Globalization;
using SpeechGan.Distributed;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Diagnostics.Drawn;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Diagnostics.Faults;

/// <summary>Short real trainings with a fault in them: the golden scenarios' trained network, four epochs of six batches of four cuts of
/// half a second.</summary>
internal sealed class FaultRun : IDisposable
{
    /// <summary>What the suite's own runs differ in from preset tiny.</summary>
    internal static readonly string[] Small =
    [
        "model.channels=4",
        "model.heads=2",
        "model.blocks=1",
        "discriminator.features=2",
        "data.trainCutSeconds=0.5",
        "data.batchSize=4",
        "data.workers=0",
        "data.readAhead=0",
        "optimizer.generatorLearningRate=0.0005",
        "optimizer.discriminatorLearningRate=0.001",
        "train.epochs=4",
        "train.stepsPerEpoch=6",
        "train.threads=1",
        "evaluation.cut=full",
        "evaluation.everyEpochs=1",
        "checkpoint.everyEpochs=1",
    ];

    private readonly string root = Directory.CreateTempSubdirectory("speechgan-faults-").FullName;
    private readonly GoldenPlace place = GoldenPlace.Open();
    private int count;

    /// <summary>The configuration that <see cref="Of(Fault, long, string[])"/> trains with.</summary>
    public RunConfig Config(Fault fault, long seed, params string[] knobs) =>
        RunConfig.Load(
            "tiny",
            null,
            [
                .. Small,
                $"train.initGenerator={place.Generator}",
                $"train.initDiscriminator={place.Discriminator}",
                string.Create(CultureInfo.InvariantCulture, $"seed={seed}"),
                .. fault.Knobs,
                .. knobs,
            ]
        );

    /// <summary>Trains with a fault.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="knobs">Further knobs.</param>
    /// <returns>The record as it lies on the disk, and the corpus' folder.</returns>
    public (RunRecord Record, string Corpus) Of(Fault fault, long seed, params string[] knobs)
    {
        var folder = Path.Combine(root, $"{++count:D3}");
        var corpus = Path.Combine(folder, "corpus");
        foreach (var (part, pairs) in new[] { ("train", 24), ("valid", 4), ("test", 4), ("silent", 8) })
        foreach (var side in new[] { "clean", "noisy" })
        {
            var to = Directory.CreateDirectory(Path.Combine(corpus, part, side)).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(place.Corpus, part, side)).Order(StringComparer.Ordinal).Take(pairs))
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        fault.Corpus?.Invoke(corpus);
        var config = Config(fault, seed, knobs);
        var run = Path.Combine(folder, "run");
        Train(run, corpus, config, fault, fault.ResumedAfter);
        if (fault.ResumedAfter is not null)
            Train(run, corpus, config, fault, null);
        return (RunRecord.Load(run), corpus);
    }

    /// <summary>Trains with a fault on another corpus, otherwise than the suite's own runs.</summary>
    /// <param name="fault">The fault; one that changes the corpus has changed it already.</param>
    /// <param name="run">Folder of the run, not there yet.</param>
    /// <param name="corpus">The corpus' folder.</param>
    /// <param name="knobs">What differs from preset tiny on one thread; <see cref="DrawnRun.Trained"/> among them begins with golden
    /// weights.</param>
    public RunRecord Of(Fault fault, string run, string corpus, IReadOnlyList<string> knobs)
    {
        var config = RunConfig.Load(
            "tiny",
            null,
            [
                "train.threads=1",
                "data.workers=0",
                "data.readAhead=0",
                .. knobs.Where(k => k != DrawnRun.Trained),
                .. knobs.Contains(DrawnRun.Trained)
                    ? (string[])[$"train.initGenerator={place.Generator}", $"train.initDiscriminator={place.Discriminator}"]
                    : [],
                .. fault.Knobs,
            ]
        );
        Train(run, corpus, config, fault, fault.ResumedAfter);
        if (fault.ResumedAfter is not null)
            Train(run, corpus, config, fault, null);
        return RunRecord.Load(run);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static void Train(string run, string corpus, RunConfig config, Fault fault, long? until)
    {
        using var progress = new StopAtStep(until);
        var resume = RunFolder.HoldsRun(run);
        using var folder = resume
            ? RunFolder.Resume(run, SmallRun.Surroundings(config))
            : RunFolder.Create(run, config, SmallRun.Surroundings(config));
        using var trainer = new Trainer(
            folder,
            config,
            SmallRun.Open(corpus, config),
            progress,
            SoleProcess.Instance,
            fault.Points?.Invoke() ?? FaultPoints.None
        );
        if (resume)
            trainer.Resume();
        try
        {
            trainer.Run(progress.Token).Should().Be(until is null);
            fault.Ends.Should().BeFalse("{0} ends its run", fault.Name);
        }
        catch (NonFiniteException e) when (fault.Ends || fault.Causes.Contains("non-finite-values"))
        {
            folder.Fail(e.Message); // as the verb `train` does
        }
    }
}
