using SpeechGan.Comparison;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `compare` was asked for.</summary>
internal sealed record CompareRequest
{
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

    public required string Repository { get; init; }

    public string? Build { get; init; }

    public double BuildLimit { get; init; }

    public double TimeLimit { get; init; }

    public string? Cache { get; init; }

    public string? Golden { get; init; }

    public bool Trace { get; init; }

    public long? TraceStep { get; init; }

    public bool Json { get; init; }
}
