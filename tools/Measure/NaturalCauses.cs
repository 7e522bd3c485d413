using SpeechGan.Data;
using SpeechGan.Tests.Regression.Diagnostics.Drawn;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tools.Measure;

/// <summary>Runs that go wrong without any fault of code (tools/diagnosis-proof --natural): the verdict says the natural cause
/// or nothing.</summary>
internal static class NaturalCauses
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

    private static IEnumerable<NaturalCause> Cases()
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

    /// <summary>Trains and judges all of them.</summary>
    /// <param name="arguments">The folder.</param>
    /// <returns>1 where one was given another cause than its own.</returns>
    public static int Run(string[] arguments)
    {
        var wrong = Cases().Count(c => !IsRight(c, arguments[0]));
        Console.WriteLine($"{wrong} runs were given a cause that is not theirs");
        return wrong == 0 ? 0 : 1;
    }

    private static bool IsRight(NaturalCause natural, string root)
    {
        using var runs = new FaultRun();
        var fault = AllFaults.Healthy with { Corpus = natural.Change };
        Directory.CreateDirectory(Path.Combine(root, "corpora"));
        var folder = Directory.CreateTempSubdirectory("speechgan-natural-").FullName;
        try
        {
            var verdict = DrawnFault.Of(
                runs,
                fault,
                new DrawnRun(0, "1", [.. Base, .. natural.Knobs]),
                new DrawnCorpora(Path.Combine(root, "corpora")),
                Path.Combine(folder, "one")
            );
            Console.WriteLine($"{natural.Name}: {(verdict.Named.Count == 0 ? "nothing" : string.Join("; ", verdict.Sentences))}");
            File.AppendAllText(Path.Combine(root, "natural.txt"), $"| {natural.Name} | {verdict.NamedInWords} |\n");
            return verdict.Named.All(natural.Causes.Contains);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NaturalCause Case(string name, string[] knobs, Action<string>? change, params string[] causes) =>
        new(name, knobs, change, causes);

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

    /// <summary>A run that goes wrong by itself.</summary>
    /// <param name="Name">In words.</param>
    /// <param name="Knobs">Its options.</param>
    /// <param name="Change">What is done to a copy of the corpus; null: nothing.</param>
    /// <param name="Causes">Theories that name the natural cause.</param>
    private sealed record NaturalCause(string Name, string[] Knobs, Action<string>? Change, string[] Causes);
}
