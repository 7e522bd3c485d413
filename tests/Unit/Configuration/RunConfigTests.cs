using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Configuration;

public sealed class RunConfigTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("speechgan-config-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Default_is_the_published_configuration_with_its_faults_fixed()
    {
        var config = RunConfig.Load();

        config.Should().Be(new RunConfig()).And.Be(RunConfig.FromPreset("cmgan"));
        config.TrainCutSamples.Should().Be(32_000);
        config.EvaluationCutSamples.Should().Be(64_000);
        config.Metric.OnFailure.Should().Be(MetricFailurePolicy.Mask);
        config.Evaluation.Cut.Should().Be(EvaluationCut.Center);
        config.Loss.TimeReference.Should().Be(TimeReference.Normalized);
        config.Data.Shuffle.Should().Be(ShufflePolicy.EachEpoch);
        config
            .Loss.Weights.Should()
            .Be(
                new LossWeights
                {
                    Ri = 0.1,
                    Magnitude = 0.9,
                    Time = 0.2,
                    Gan = 0.05,
                }
            );
    }

    [Test]
    public void Preset_upstream_differs_from_the_default_by_the_published_faults_alone()
    {
        RunConfig
            .FromPreset("upstream")
            .DifferencesTo(new RunConfig())
            .Select(d => $"{d.Key}: {d.Here}, {d.There}")
            .Should()
            .Equal(
                "preset: upstream, cmgan",
                "data.shuffle: once, each-epoch",
                "loss.timeReference: raw, normalized",
                "metric.onFailure: drop-batch, mask",
                "evaluation.cut: random, center",
                "evaluation.cutSeconds: 2, 4"
            );
    }

    [TestCaseSource(typeof(Presets), nameof(Presets.Names))]
    public void Preset_is_valid_and_reads_back_equal_to_the_bit(string preset)
    {
        var config = RunConfig.FromPreset(preset);

        config.Validate().Should().BeEmpty();
        config.Preset.Should().Be(preset);
        var copy = RunConfig.Parse(config.ToJson(), "copy");
        copy.Should().Be(config);
        copy.ToJson().Should().Be(config.ToJson());
    }

    [Test]
    public void Numbers_without_a_short_decimal_read_back_equal()
    {
        var odd = new RunConfig { Seed = long.MaxValue };
        odd = odd with
        {
            Optimizer = odd.Optimizer with { Eps = 1.0 / 3, GeneratorLearningRate = double.Epsilon },
            Data = odd.Data with { MixIn = "/a \"b\"/ü", MixInShare = 0.1 + 0.2 },
        };

        RunConfig.Parse(odd.ToJson(), "copy").Should().Be(odd);
    }

    [Test]
    public void Keys_are_spelled_as_the_design_names_them()
    {
        RunConfig
            .Keys.Select(k => k.Key)
            .Should()
            .OnlyHaveUniqueItems()
            .And.Contain([
                "preset",
                "seed",
                "metric.onFailure",
                "evaluation.cut",
                "evaluation.cutSeconds",
                "loss.timeReference",
                "data.shuffle",
                "data.trainCut",
                "loss.weights.ri",
                "loss.weights.magnitude",
                "loss.weights.time",
                "loss.weights.gan",
                "model.dropout",
                "discriminator.dropout",
                "train.threads",
            ]);
        RunConfig.Keys.Should().OnlyContain(k => k.Reason.Length > 0);
        RunConfig.Keys.Single(k => k.Key == "metric.onFailure").Choices.Should().Equal("mask", "batch-mean", "drop-batch");
        RunConfig.Keys.Single(k => k.Key == "data.shuffle").Choices.Should().Equal("each-epoch", "once", "none");
        RunConfig.Keys.Single(k => k.Key == "evaluation.cut").Choices.Should().Equal("center", "full", "random");
        RunConfig.Keys.Single(k => k.Key == "loss.timeReference").Choices.Should().Equal("normalized", "raw");
    }

    [Test]
    public void Layers_are_preset_then_file_then_overrides()
    {
        var file = Save(
            """
            { // the file's preset is the base
              "preset": "tiny", "seed": 7, "train": { "epochs": 3 }, "loss": { "weights": { "gan": 0.1 } } }
            """
        );

        var config = RunConfig.Load(null, file, ["train.epochs=5", "metric.onFailure=batch-mean", "train.epochs=6"]);

        config.Model.Channels.Should().Be(8);
        config.Seed.Should().Be(7);
        config.Train.Epochs.Should().Be(6);
        config.Loss.Weights.Should().Be(new LossWeights { Gan = 0.1 });
        config.Metric.OnFailure.Should().Be(MetricFailurePolicy.BatchMean);
        RunConfig.FromPreset("tiny").Train.Epochs.Should().NotBe(6, "presets are not changed by what is layered on them");
    }

    [Test]
    public void Every_problem_of_a_file_is_told_with_file_and_path_and_the_nearest_key()
    {
        var file = Save(
            """
            { "sead": 1, "train": { "epochs": "three", "threads": 1.5 },
              "loss": { "weights": { "gam": 0.1 }, "timeReference": "normalised" },
              "data": { "shuffle": 1, "shuffle": "once" }, "model": 64, "metric.onFailure": "mask", "zzzzzzzzzzzz": null }
            """
        );

        Problems(() => RunConfig.Load(null, file))
            .Should()
            .Equal(
                $"{file}: there is no option 'sead'. Did you mean 'seed'?",
                $"{file}: train.epochs is the text \"three\"; allowed is a whole number from 1 to 1000000. Its default is 120.",
                $"{file}: train.threads is 1.5; allowed is a whole number from 1 to 1024. Its default is 2.",
                $"{file}: there is no option 'loss.weights.gam'. Did you mean 'loss.weights.gan'?",
                $"{file}: loss.timeReference is the text \"normalised\"; allowed is one of normalized, raw. Did you mean 'normalized'? "
                    + $"Its default is normalized.",
                $"{file}: data.shuffle is 1; allowed is one of each-epoch, once, none. Its default is each-epoch.",
                $"{file}: data.shuffle is given twice. Keep one of them.",
                $"{file}: model is 64; allowed is an object with channels, blocks, heads, dropout.",
                $"{file}: 'metric.onFailure' has a dot in its name; in a file sections are nested objects. (Dots are for --set.)",
                $"{file}: there is no option 'zzzzzzzzzzzz'. `speechgan config` lists them."
            );
    }

    [Test]
    public void Every_problem_of_the_overrides_is_told()
    {
        Problems(() =>
                RunConfig.Load(
                    null,
                    null,
                    [
                        "epochs",
                        "batchSize=4",
                        "loss.weights=1",
                        "train.epochs=1e3",
                        "metric.onFailure=drop_batch",
                        "preset=tiny",
                        "model.dropout=NaN",
                    ]
                )
            )
            .Should()
            .Equal(
                "--set epochs: there is no '='; write --set key=value, for example --set train.epochs=3.",
                "--set: there is no option 'batchSize'. Did you mean 'data.batchSize'?",
                "--set loss.weights: this is a section; set one of its keys: ri, magnitude, time, gan.",
                "--set train.epochs: found '1e3'; allowed is a whole number from 1 to 1000000. Its default is 120.",
                "--set metric.onFailure: found 'drop_batch'; allowed is one of mask, batch-mean, drop-batch. Did you mean "
                    + "'drop-batch'? Its default is mask.",
                "--set preset=tiny: a preset is chosen with --preset tiny.",
                "--set model.dropout: found 'NaN'; allowed is a number from 0 to below 1. Its default is 0.2."
            );
    }

    [Test]
    public void Preset_of_file_and_command_line_must_agree()
    {
        var file = Save("""{ "preset": "tiny" }""");

        Problems(() => RunConfig.Load("small", file))
            .Should()
            .Equal($"{file}: preset is 'tiny' but --preset says 'small'. Remove one of the two.");
        RunConfig.Load("tiny", file).Should().Be(RunConfig.FromPreset("tiny"));
        Problems(() => RunConfig.Load("tinny"))
            .Should()
            .Equal("There is no preset 'tinny'; known are cmgan, upstream, small, tiny. Did you mean 'tiny'?");
        Problems(() => RunConfig.Parse("""{ "preset": "smal" }""", "a.json"))
            .Should()
            .Equal("a.json: preset: There is no preset 'smal'; known are cmgan, upstream, small, tiny. Did you mean 'small'?");
    }

    [Test]
    public void File_that_cannot_be_read_gets_a_sentence()
    {
        var missing = Path.Combine(folder, "none.json");
        Problems(() => RunConfig.Load(null, missing))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith($"Configuration file '{missing}' cannot be read: ")
            .And.EndWith("Check the path given to --config.");
        Problems(() => RunConfig.Parse("{ \"seed\": ", "b.json"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("b.json: this is not valid JSON: ");
        Problems(() => RunConfig.Parse("[1]", "b.json"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("b.json: the file holds a list; a configuration is one JSON object");
    }

    private static IReadOnlyList<string> Problems(Action action) => action.Should().Throw<ConfigException>().Which.Problems;

    private string Save(string json)
    {
        var path = Path.Combine(folder, "config.json");
        File.WriteAllText(path, json);
        return path;
    }
}
