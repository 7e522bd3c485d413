using System.Globalization;
using SpeechGan.Goldens;

namespace SpeechGan.Workflows;

/// <summary>What both sides train: a scenario, or a corpus with a preset, in short; the same seed gives both the same batches.</summary>
internal sealed record CompareTask
{
    /// <summary>The scenario; null: a corpus.</summary>
    public Scenario? Scenario { get; init; }

    /// <summary>The corpus; null: the scenario's.</summary>
    public string? Data { get; init; }

    /// <summary>Preset of a corpus's trainings.</summary>
    public string Preset { get; init; } = "tiny";

    /// <summary>Epochs and steps of each for a corpus; a scenario has its own.</summary>
    public (int Epochs, int Steps) Size { get; init; } = (2, 8);

    /// <summary>Options of both sides.</summary>
    public IReadOnlyList<string> Knobs { get; init; } = [];

    /// <summary>Seeds, one training of each side for each.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>Preset in use.</summary>
    public string PresetInUse => Scenario?.Preset ?? Preset;

    /// <summary>Options that make the size and those of both sides; a side's own come after them.</summary>
    public IReadOnlyList<string> CommonKnobs =>
        [
            .. Scenario?.Overrides
                ??
                [
                    string.Create(CultureInfo.InvariantCulture, $"train.epochs={Size.Epochs}"),
                    string.Create(CultureInfo.InvariantCulture, $"train.stepsPerEpoch={Size.Steps}"),
                    "evaluation.everyEpochs=1",
                ],
            .. Knobs,
        ];

    /// <summary>The task in words.</summary>
    public string InWords =>
        Scenario is { } scenario
            ? $"scenario '{scenario.Name}'"
            : string.Create(CultureInfo.InvariantCulture, $"'{Data}' with preset {Preset}, {Size.Epochs} epochs of {Size.Steps} steps");
}
