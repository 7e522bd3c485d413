using SpeechGan.Data;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>Runs that go wrong without any fault of code (tools/diagnosis-proof --natural): the verdict says the natural cause or nothing.
/// SPEECHGAN_NATURAL has the folder.</summary>
public sealed class NaturalCauses
{
    private static readonly string[] Base =
    [
        "model.channels=4",
        "model.heads=2",
        "model.blocks=1",
        "discriminator.features=2",
        "data.trainCutSeconds=0.5",
        "data.batchSize=4",
        "evaluation.cut=full",
        "evaluation.everyEpochs=2",
    ];

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case(
            "four pairs for sixty epochs",
            ["train.epochs=60", "train.stepsPerEpoch=1", "evaluation.everyEpochs=5"],
            folder => Keep(folder, 4),
            "overfitting",
            "loss-pesq-divergence"
        );
        yield return Case(
            "a learning rate ten times too high",
            ["optimizer.generatorLearningRate=0.02", "optimizer.discriminatorLearningRate=0.04", "train.epochs=8", "train.stepsPerEpoch=6"],
            null,
            "loss-jump",
            "gradients-unstable",
            "non-finite-values",
            "nothing-learned",
            "generator-silent",
            "discriminator-constant",
            "running-statistics",
            "loss-pesq-divergence"
        );
        yield return Case(
            "a corpus of one speaker",
            ["data.batchSize=2", "train.epochs=12", "train.stepsPerEpoch=2"],
            folder => Keep(folder, 4),
            "overfitting",
            "test-below-valid",
            "loss-pesq-divergence"
        );
        yield return Case(
            "batches of one",
            ["data.batchSize=1", "train.epochs=6", "train.stepsPerEpoch=12"],
            null,
            "running-statistics",
            "loss-pesq-divergence"
        );
        yield return Case(
            "harder noise in training than in validation",
            ["train.epochs=8", "train.stepsPerEpoch=6"],
            Harder,
            "parts-differ"
        );
    }

    [TestCaseSource(nameof(Cases))]
    public void The_natural_cause_or_nothing(string name, string[] knobs, Action<string>? change, string[] natural)
    {
        if (Environment.GetEnvironmentVariable("SPEECHGAN_NATURAL") is not { Length: > 0 } root)
        {
            Assert.Ignore("a measurement, not a test: run tools/diagnosis-proof --natural");
            return;
        }
        using var runs = new FaultRun();
        var fault = AllFaults.Healthy with { Corpus = change };
        Directory.CreateDirectory(Path.Combine(root, "corpora"));
        var folder = Directory.CreateTempSubdirectory("speechgan-natural-").FullName;
        try
        {
            var verdict = DrawnFault.Of(
                runs,
                fault,
                new DrawnRun(0, "1", [.. Base, .. knobs]),
                new DrawnCorpora(Path.Combine(root, "corpora")),
                Path.Combine(folder, "one")
            );
            TestContext.Progress.WriteLine($"{name}: {(verdict.Named.Count == 0 ? "nothing" : string.Join("; ", verdict.Sentences))}");
            File.AppendAllText(
                Path.Combine(root, "natural.txt"),
                $"| {name} | {(verdict.Named.Count == 0 ? "nothing" : string.Join(", ", verdict.Named.Select((n, i) => n + (i < verdict.Confirmed ? "" : " (suspected)"))))} |\n"
            );
            verdict.Named.Should().BeSubsetOf(natural);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TestCaseData Case(string name, string[] knobs, Action<string>? change, params string[] natural) =>
        new TestCaseData(name, knobs, change, natural).SetArgDisplayNames(name);

    // The first four pairs have one speaker.
    private static void Keep(string folder, int pairs)
    {
        foreach (var side in new[] { "clean", "noisy" })
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "train", side)).Order(StringComparer.Ordinal).Skip(pairs))
            File.Delete(file);
    }

    // Three times the noise, 9.5 dB.
    private static void Harder(string folder)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "train", "noisy")))
        {
            float[] noisy = AudioFile.Read(file).Mono(ChannelPolicy.Refuse),
                clean = AudioFile.Read(file.Replace("noisy", "clean", StringComparison.Ordinal)).Mono(ChannelPolicy.Refuse);
            WavFile.WritePcm16(file, [.. noisy.Zip(clean, (n, c) => c + (3 * (n - c)))], RunConfig.SampleRate);
        }
    }
}
