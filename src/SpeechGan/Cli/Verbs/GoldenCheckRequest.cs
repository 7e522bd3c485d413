using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `golden check` was asked for.</summary>
internal sealed record GoldenCheckRequest
{
    public required GoldenPlace Place { get; init; }

    public IReadOnlyList<string> Names { get; init; } = [];

    public bool Json { get; init; }

    public string? Trend { get; init; }

    public string? Ledger { get; init; }

    public string? Received { get; init; }

    public string? ChangedSince { get; init; }

    /// <summary>Trainings at a time; null: as many as cores, and one where performance is measured.</summary>
    public int? Processes { get; init; }

    /// <summary>What is done with figures of performance; null: they are not measured.</summary>
    public PerformanceUse? Performance { get; init; }

    public string? Trace { get; init; }
}
