using SpeechGan.Configuration;

namespace SpeechGan.Goldens;

/// <summary>A seed of a scenario: what one golden is of.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Seed">One of its seeds.</param>
public sealed record ScenarioSeed(Scenario Scenario, long Seed)
{
    /// <summary>The golden's name.</summary>
    public string GoldenName => Scenario.GoldenName(Seed);
}

/// <summary>
/// The scenarios, one visible line each. All are short on purpose (nine steps of a small network): rounding differences between machines
/// grow with each step, and a tolerance that had to hold after a hundred would let a fault through. They begin with trained weights, since
/// PESQ of an untrained network lies at its floor, where a fault can no longer lower it.
/// </summary>
public static class Scenarios
{
    private static readonly ScenarioCorpus Pairs = new(Train: 8, Valid: 3);

    // A network of 4 channels, three epochs of three batches of two cuts of half a second; published learning rates. The optimisers' eps is
    // larger than usual:
    // AdamW's first step is lr times the gradient's sign, and rounding decides the sign of what is nearly zero. With 1e-8 two machines were
    // once 0.17 apart in the discriminator's gradient norm and up to 0.002 in mean PESQ; with 1e-4 a hundredth of that, and the trajectory
    // is the same to two digits.
    private static readonly string[] Small =
    [
        "model.channels=4",
        "model.heads=2",
        "model.blocks=1",
        "discriminator.features=2",
        "data.trainCutSeconds=0.5",
        "data.batchSize=2",
        "optimizer.generatorLearningRate=0.0005",
        "optimizer.discriminatorLearningRate=0.001",
        "optimizer.eps=0.0001",
        "train.epochs=3",
        "train.stepsPerEpoch=3",
        "train.threads=1",
        "evaluation.cut=full",
        "evaluation.everyEpochs=1",
    ];

    /// <summary>All of them, in the order they are checked.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Make("healthy", "A sound trainer: normalised time term, every sample scored, the discriminator stepping on every batch."),
        Make(
            "upstream",
            "The published trainer's faults in training (raw time reference, one order for all epochs, batches dropped whole), scored "
                + "on whole files."
        ) with
        {
            Preset = "upstream",
        },
        Make(
            "starved",
            "Half of the cuts have a silent clean side and each takes its batch along: the discriminator starves.",
            "metric.onFailure=drop-batch",
            "data.mixIn=silent",
            "data.mixInShare=0.5"
        ),
        Make(
            "gan-0",
            "No discriminator, a quarter of the cuts silent: what the reconstruction terms do alone.",
            "loss.weights.gan=0",
            "data.mixIn=silent",
            "data.mixInShare=0.25"
        ),
        Make(
            "gan-0.05",
            "The published weight of the GAN term, a quarter of the cuts silent and masked on their own.",
            "loss.weights.gan=0.05",
            "data.mixIn=silent",
            "data.mixInShare=0.25"
        ),
        Make(
            "gan-0.2",
            "Four times the published weight, all else as in gan-0.05: the share of the gradient is what differs.",
            "loss.weights.gan=0.2",
            "data.mixIn=silent",
            "data.mixInShare=0.25"
        ),
    ];

    /// <summary>Every golden there should be, in order.</summary>
    public static IReadOnlyList<ScenarioSeed> Goldens { get; } =
    [.. All.SelectMany(s => s.Seeds.Select(seed => new ScenarioSeed(s, seed)))];

    /// <summary>What a name stands for: a scenario for all of its seeds, a golden for itself.</summary>
    /// <exception cref="GoldenException">There is neither; the nearest name is suggested.</exception>
    public static IReadOnlyList<ScenarioSeed> Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        ScenarioSeed[] found = [.. Goldens.Where(g => g.GoldenName == name || g.Scenario.Name == name)];
        if (found.Length > 0)
            return found;

        string[] names = [.. All.Select(s => s.Name)];
        // A dot is no separator here, as it is in the names of knobs.
        var near = Spelling
            .Nearest(name.Replace('.', '_'), names.Concat(Goldens.Select(g => g.GoldenName)).Select(n => n.Replace('.', '_')))
            ?.Replace('_', '.');
        throw new GoldenException(
            $"There is no scenario or golden '{name}'; known are {string.Join(", ", names)}, and {Goldens[0].GoldenName} for one "
                + $"seed.{(near is null ? "" : $" Did you mean '{near}'?")}"
        );
    }

    private static Scenario Make(string name, string pins, params string[] knobs) =>
        new()
        {
            Name = name,
            Pins = pins,
            Preset = "tiny",
            Overrides = [.. Small, .. knobs],
            Corpus = Pairs,
        };
}
