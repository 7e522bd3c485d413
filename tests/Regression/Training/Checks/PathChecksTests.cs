using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Diagnostics.Drawn;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using SpeechGan.Training.Checks;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Training.Checks;

/// <summary>Known signals through the paths that train and score: what sound paths give, and that each check can fail.</summary>
public sealed class PathChecksTests
{
    private Workplace place = null!;
    private PairedCorpus corpus = null!;

    private static RunConfig Config => SmallRun.Config("data.trainCutSeconds=0.5");

    [OneTimeSetUp]
    public void Make()
    {
        place = new Workplace(train: 8, valid: 2, test: 0);
        corpus = SmallRun.Open(place.Corpus, Config);
    }

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    /// <summary>Prints the distances that stand beside the limit in PathChecks.</summary>
    [TestCase("1")]
    [TestCase(DrawnRun.Real)]
    public void What_is_scored_for_the_network_is_what_the_network_gives(string name)
    {
        var root = Directory.CreateTempSubdirectory("speechgan-paths-").FullName;
        try
        {
            var corpora = new DrawnCorpora(root);
            if (name == DrawnRun.Real && corpora.RealPairs == 0)
                Assert.Ignore("there is no ../shared/voicebank-sample");
            double most = 0;
            foreach (var seed in Enumerable.Range(1, 4))
            {
                var config = SmallRun.Config(
                    $"seed={seed}",
                    "evaluation.cut=full",
                    seed % 2 == 0 ? "model.channels=4" : "model.channels=2"
                );
                var whole = SmallRun.Open(corpora.Folder(name), config);
                using var networks = new Networks(config);
                networks.Train(false);
                foreach (var utterance in whole.Valid.Concat(whole.Test))
                    most = Math.Max(most, Of(Evaluate(networks, config, [utterance]), "evaluated/estimate")!.Observed!.Value);
            }
            TestContext.Out.WriteLine(
                $"{name}: {most:G3} of the estimate's level at most, {Of(Evaluate(Config), "evaluated/estimate")!.Allowed:G2} allowed"
            );
            most.Should().BeLessThan(1e-2 / 3);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Test]
    public void A_sound_evaluator_passes_every_check()
    {
        var checks = Evaluate(Config);
        checks.Select(c => c.Name).Should().Equal("evaluated/clean", "evaluated/noisy", "evaluated/estimate", "evaluated/cut");
        checks.Should().OnlyContain(c => c.Holds == true);
    }

    [Test]
    public void An_evaluator_that_scores_the_noisy_signal_fails_on_the_estimate() =>
        Failed(Evaluate(Config, (_, noisy) => noisy)).Should().Equal("evaluated/clean", "evaluated/estimate");

    [Test]
    public void An_estimate_at_another_level_is_no_estimate_of_the_network() =>
        Failed(Evaluate(Config, (enhance, noisy) => [.. enhance(noisy).Select(s => s * 0.9f)])).Should().Contain("evaluated/estimate");

    [Test]
    public void An_utterance_that_is_enhanced_in_windows_is_not_held_against_one_piece()
    {
        var noisy = new float[Enhancer.LongestPiece + RunConfig.SampleRate];
        var folder = Path.Combine(place.Root, "long");
        foreach (var side in new[] { "clean", "noisy" })
        {
            Directory.CreateDirectory(Path.Combine(folder, side));
            for (var i = 0; i < noisy.Length; i++)
                noisy[i] = 0.1f * MathF.Sin(i * i % 7919 * 0.01f);
            WavFile.WritePcm16(Path.Combine(folder, side, "long.wav"), noisy, RunConfig.SampleRate);
        }
        var config = SmallRun.Config("evaluation.cut=full");
        using var networks = new Networks(config);
        networks.Train(false);
        var whole = PairedCorpus.OpenForEvaluation(folder).Test;
        Evaluate(networks, config, whole).Select(c => c.Name).Should().NotContain("evaluated/estimate").And.Contain("evaluated/cut");
    }

    [Test]
    public void Loaded_cuts_are_those_of_their_files_and_a_changed_sample_fails_its_side()
    {
        var batch = Batch();
        PathChecks.Loading([batch], corpus.Train, []).Should().OnlyContain(c => c.Holds == true);
        batch.Noisy[5] += 1e-4f;
        Failed(PathChecks.Loading([batch], corpus.Train, [])).Should().Equal("loaded/noisy");
    }

    [Test]
    public void A_step_that_scores_the_sides_exchanged_or_against_themselves_fails()
    {
        using var networks = new Networks(Config);
        var paths = new PathChecks(networks, Config);
        var batch = Batch();
        paths.Scoring(batch, (clean, estimate) => Score(clean, estimate)).Should().OnlyContain(c => c.Holds == true);
        Failed(paths.Scoring(batch, (clean, _) => Score(clean, clean))).Should().Equal("scoring/noisy");
        Failed(paths.Scoring(batch, (clean, estimate) => Score(estimate, estimate))).Should().Equal("scoring/noisy");
        Failed(paths.Scoring(batch, (clean, estimate) => Score(clean.roll(800, -1), estimate * 0.5))).Should().NotBeEmpty();
    }

    private Batch Batch() =>
        new BatchReader(
            corpus.Train,
            new BatchOptions
            {
                BatchSize = 2,
                CutSamples = Config.TrainCutSamples,
                Seed = 1,
                Workers = 0,
            }
        ).Load(1, 0);

    private static BatchScore Score(Tensor clean, Tensor estimate) =>
        EstimateScoring.Begin(clean, estimate, Config.Metric.Workers).GetAwaiter().GetResult().Scores;

    private IReadOnlyList<ReconstructionCheck> Evaluate(RunConfig config, Func<Func<float[], float[]>, float[], float[]>? otherwise = null)
    {
        using var networks = new Networks(config);
        networks.Train(false);
        return Evaluate(networks, config, corpus.Valid, otherwise);
    }

    // As StartChecks does it; otherwise: an evaluator that enhances in another way than the network.
    private static IReadOnlyList<ReconstructionCheck> Evaluate(
        Networks networks,
        RunConfig config,
        IReadOnlyList<Utterance> utterances,
        Func<Func<float[], float[]>, float[], float[]>? otherwise = null
    )
    {
        var alone = new SharedEvaluation(new Evaluator(config), SoleProcess.Instance);
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        return new PathChecks(networks, config).Evaluation(utterances, (some, own, keep) =>
            alone.Evaluate(
                some,
                "valid",
                1,
                noisy => otherwise is null ? (own ?? Enhance)(noisy) : otherwise(own ?? Enhance, noisy),
                keep: keep
            )
        );

        float[] Enhance(float[] noisy) => enhancer.Enhance(noisy);
    }

    private static ReconstructionCheck? Of(IReadOnlyList<ReconstructionCheck> checks, string name) =>
        checks.FirstOrDefault(c => c.Name == name);

    private static IEnumerable<string> Failed(IReadOnlyList<ReconstructionCheck> checks) =>
        checks.Where(c => c.Holds == false).Select(c => c.Name);
}
