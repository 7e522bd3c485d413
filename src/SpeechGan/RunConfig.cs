using System.Text.Json.Serialization;
using SpeechGan.Configuration;

namespace SpeechGan;

/// <summary>
/// Every knob of a run with its default: one immutable record, preset <c>cmgan</c> as it stands. Values are layered: preset,
/// then <c>--config FILE</c>, then each <c>--set key=value</c>; the resolved copy goes into the run folder and reads back equal.
/// </summary>
public sealed record RunConfig
{
    /// <summary>Sample rate of all training, Hz.</summary>
    public const int SampleRate = 16_000;

    /// <summary>Hop of the spectrum, samples: cuts are whole hops.</summary>
    public const int Hop = 100;

    /// <summary>Shortest cut PESQ can score, samples (0.25 s).</summary>
    public const int ShortestScorableCut = 4_000;

    /// <summary>Shortest cut with the 16 frames the discriminator's four halvings need, samples.</summary>
    public const int ShortestDiscriminatorCut = 1_500;

    /// <summary>Name of the preset the values began as.</summary>
    [Knob("", "the preset the other values started from")]
    public string Preset { get; init; } = Presets.Default;

    /// <summary>Seed of weights, order, cuts and dropout.</summary>
    [Knob("", "all random numbers are counters of (seed, epoch, index)", Min = 0)]
    public long Seed { get; init; } = 1;

    /// <summary>Data: cuts, order, files.</summary>
    public DataConfig Data { get; init; } = new();

    /// <summary>Generator.</summary>
    public ModelConfig Model { get; init; } = new();

    /// <summary>Metric discriminator.</summary>
    public DiscriminatorConfig Discriminator { get; init; } = new();

    /// <summary>Generator's loss.</summary>
    public LossConfig Loss { get; init; } = new();

    /// <summary>Optimizers and schedule.</summary>
    public OptimizerConfig Optimizer { get; init; } = new();

    /// <summary>The metric the discriminator learns.</summary>
    public MetricConfig Metric { get; init; } = new();

    /// <summary>Validation during training.</summary>
    public EvaluationConfig Evaluation { get; init; } = new();

    /// <summary>Training loop.</summary>
    public TrainConfig Train { get; init; } = new();

    /// <summary>Saving.</summary>
    public CheckpointConfig Checkpoint { get; init; } = new();

    /// <summary>Samples of a training cut.</summary>
    [JsonIgnore]
    public int TrainCutSamples => (int)Math.Round(Data.TrainCutSeconds * SampleRate);

    /// <summary>Samples of an evaluation cut; without meaning where <c>evaluation.cut</c> is <c>full</c>.</summary>
    [JsonIgnore]
    public int EvaluationCutSamples => (int)Math.Round(Evaluation.CutSeconds * SampleRate);

    /// <summary>Whether a discriminator takes part: the GAN term has a weight.</summary>
    [JsonIgnore]
    public bool HasDiscriminator => Loss.Weights.Gan > 0;

    /// <summary>All knobs in the order they are written.</summary>
    public static IReadOnlyList<Knob> Keys => KnobTable.All;

    /// <summary>The values of a preset: <c>cmgan</c>, <c>upstream</c>, <c>small</c> or <c>tiny</c>.</summary>
    /// <exception cref="ConfigException">There is no preset of that name.</exception>
    public static RunConfig FromPreset(string name) => Presets.Find(name);

    /// <summary>Layers preset, file and overrides, and validates the result.</summary>
    /// <param name="preset">Preset by name; null: the file's, else <c>cmgan</c>.</param>
    /// <param name="file">JSON file with any of the knobs; null: none.</param>
    /// <param name="overrides"><c>key=value</c> texts in their order, later ones winning.</param>
    /// <exception cref="ConfigException">Any problem, all of them at once.</exception>
    public static RunConfig Load(string? preset = null, string? file = null, IEnumerable<string>? overrides = null)
    {
        string? json = null;
        if (file is not null)
        {
            try
            {
                json = File.ReadAllText(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw new ConfigException([$"Configuration file '{file}' cannot be read: {e.Message} Check the path given to --config."]);
            }
        }

        return ConfigReader.Resolve(preset, json, file ?? "", overrides ?? []);
    }

    /// <summary>Reads a configuration from JSON text and validates it; knobs that are not named keep the preset's value.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">Where the text comes from, for the sentences.</param>
    /// <exception cref="ConfigException">Any problem, all of them at once.</exception>
    public static RunConfig Parse(string json, string source) => ConfigReader.Resolve(null, json, source, []);

    /// <summary>All knobs as JSON text (LF, fixed order); <see cref="Parse"/> gives an equal record.</summary>
    public string ToJson() => ConfigWriter.Write(this);

    /// <summary>Problems of this configuration in sentences; empty where it can be trained.</summary>
    public IReadOnlyList<string> Validate() => ConfigValidator.Validate(this);

    /// <summary>Knobs that differ from another configuration, in the order they are written.</summary>
    public IReadOnlyList<KnobDifference> DifferencesTo(RunConfig other) =>
        [
            .. Keys.Where(k => !k.Get(this).Equals(k.Get(other)))
                .Select(k => new KnobDifference(k.Key, KnobValue.Print(k.Get(this)), KnobValue.Print(k.Get(other)))),
        ];

    /// <summary>This configuration with <c>key=value</c> texts applied, validated.</summary>
    /// <exception cref="ConfigException">Any problem, all of them at once.</exception>
    public RunConfig With(params IEnumerable<string> overrides) => ConfigReader.Apply(this, overrides);

    /// <summary>This configuration, or an exception with every problem.</summary>
    /// <exception cref="ConfigException">There is at least one problem.</exception>
    public RunConfig Validated() => Validate() is { Count: > 0 } problems ? throw new ConfigException(problems) : this;
}
