using SpeechGan.Comparison;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `compare` was asked for.</summary>
internal sealed record CompareRequest
{
    private const int MostRepeats = 100;

    public required string A { get; init; }

    public required string B { get; init; }

    public string? Scenario { get; init; }

    public string? Data { get; init; }

    public string? Preset { get; init; }

    public int? Epochs { get; init; }

    public int? Steps { get; init; }

    public IReadOnlyList<long> Seeds { get; init; } = [];

    public IReadOnlyList<string> Knobs { get; init; } = [];

    public int Repeat { get; init; }

    public IReadOnlyList<string> SameSeed { get; init; } = [];

    public ComparisonAssertion Assertion { get; init; }

    public string? Output { get; init; }

    public string? Keep { get; init; }

    /// <summary>How commits are built and trained.</summary>
    public required BuildRequest Building { get; init; }

    public bool Trace { get; init; }

    public long? TraceStep { get; init; }

    public bool Json { get; init; }

    /// <summary>An assertion by its word.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static ComparisonAssertion Asserted(string word) =>
        word switch
        {
            "equal" => ComparisonAssertion.Equal,
            "within" => ComparisonAssertion.Within,
            "pesq" => ComparisonAssertion.Pesq,
            _ => throw new UsageException(
                $"--assert is '{word}'; allowed are equal (to the bit), within (the spread of one seed) and pesq (no difference beyond "
                    + $"seeds)."
            ),
        };

    /// <summary>Refuses what is out of range or does not go together.</summary>
    /// <exception cref="UsageException">The sentence names it.</exception>
    public void Validate()
    {
        Building.Validate();
        if (Repeat is < 0 or > MostRepeats)
            throw new UsageException($"--repeat is {Repeat}; allowed is 0 to {MostRepeats} further trainings of A.");
        foreach (var (option, value) in new[] { ("--epochs", Epochs), ("--steps", Steps) })
            if (value < 1)
                throw new UsageException($"{option} is {value}; allowed is 1 and more.");
        if (TraceStep < 1)
            throw new UsageException($"--trace-step is {TraceStep}; steps are counted from 1.");
        if (Data is not null && Scenario is not null)
            throw new UsageException("Say what is trained: --scenario NAME or --data DIR, not both.");
        if (Data is null && ((object?)Preset ?? Epochs ?? Steps) is not null)
            throw new UsageException(
                "--preset, --epochs and --steps are the size of trainings on --data DIR; a scenario has its own. Give --data, or leave "
                    + "them out."
            );
        if (SameSeed.Count > 0 && Scenario is not null)
            throw new UsageException("The spread of one seed comes from --same-seed RUN or from --scenario NAME, not both.");
        if (Data is { } data && !Directory.Exists(data))
            throw new UsageException($"--data '{data}' is not an existing folder. Name a corpus with train/ and valid/.");
        if (Seeds.Distinct().Count() < Seeds.Count)
            throw new UsageException("--seeds names a seed twice; runs are paired by it. Give each once.");
    }
}
