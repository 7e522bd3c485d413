using SpeechGan.Data;
using SpeechGan.Metrics;

namespace SpeechGan.Configuration;

/// <summary>Named starting points; each says only what differs from the defaults, and why. A preset means the same on every
/// device.</summary>
public static class Presets
{
    /// <summary>The preset without a name on the command line.</summary>
    public const string Default = "cmgan";

    /// <summary>Names in the order of cost, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cmgan", "upstream", "small", "tiny"];

    /// <summary>The values of a preset.</summary>
    /// <exception cref="ConfigException">There is no preset of that name.</exception>
    public static RunConfig Find(string name) =>
        name switch
        {
            "cmgan" => new RunConfig(),
            "upstream" => Upstream(),
            "small" => Small(),
            "tiny" => Tiny(),
            _ => throw new ConfigException([Unknown(name)]),
        };

    internal static string Unknown(string name)
    {
        var hint = Spelling.Nearest(name, Names) is { } near ? $" Did you mean '{near}'?" : "";
        return $"There is no preset '{name}'; known are {string.Join(", ", Names)}.{hint}";
    }

    // The published trainer as it behaves (CMGAN at ea5737c), so that a collapse can be reproduced and bisected knob by knob.
    private static RunConfig Upstream()
    {
        var c = new RunConfig { Preset = "upstream" };
        return c with
        {
            Data = c.Data with { Shuffle = ShufflePolicy.Once }, // F2: the sampler is never told the epoch
            Loss = c.Loss with { TimeReference = TimeReference.Raw }, // F1: target not normalised, estimate is
            Metric = c.Metric with { OnFailure = MetricFailurePolicy.DropBatch }, // F3: one failed PESQ vetoes the batch
            Evaluation = c.Evaluation with { Cut = EvaluationCut.Random, CutSeconds = 2.0 }, // F10: random 2 s cuts in validation
        };
    }

    // A model that trains overnight on a few cores: about 5 s a step there (libtorch, tuned malloc).
    private static RunConfig Small()
    {
        var c = new RunConfig { Preset = "small" };
        return c with
        {
            Data = c.Data with { TrainCutSeconds = 1.0, BatchSize = 4 },
            Model = c.Model with { Channels = 16 },
            Train = c.Train with { Epochs = 30 },
        };
    }

    // The demo's and the tests' sizes: under a second a step on two cores; higher rates because the run is short.
    private static RunConfig Tiny()
    {
        var c = new RunConfig { Preset = "tiny" };
        return c with
        {
            Data = c.Data with { TrainCutSeconds = 0.5, BatchSize = 2 },
            Model = c.Model with { Channels = 8 },
            Discriminator = c.Discriminator with { Features = 4 },
            Optimizer = c.Optimizer with { GeneratorLearningRate = 2e-3, DiscriminatorLearningRate = 4e-3 },
            Train = c.Train with { Epochs = 12 },
            Evaluation = c.Evaluation with { EveryEpochs = 3 }, // a validation costs as much as an epoch's training here
        };
    }
}
