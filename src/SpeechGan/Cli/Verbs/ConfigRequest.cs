namespace SpeechGan.Cli.Verbs;

/// <summary>What `bisect config` was asked for.</summary>
internal sealed record ConfigRequest
{
    public required string Good { get; init; }

    public required string Bad { get; init; }

    public required string Scenario { get; init; }

    public required string Field { get; init; }

    public double? Below { get; init; }

    public double? Above { get; init; }

    public IReadOnlyList<string> Knobs { get; init; } = [];

    public long? Seed { get; init; }

    public double Flaky { get; init; }

    public string? Cache { get; init; }

    public string? Golden { get; init; }

    public bool Json { get; init; }
}
