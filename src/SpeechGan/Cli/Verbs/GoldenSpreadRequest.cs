using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `golden spread` was asked for.</summary>
internal sealed record GoldenSpreadRequest
{
    public required GoldenPlace Place { get; init; }

    /// <summary>Scenarios or goldens; none: all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Trainings after the first of each seed.</summary>
    public int Repeat { get; init; }

    /// <summary>Device; null: the scenarios' own.</summary>
    public string? Device { get; init; }

    /// <summary>File of the table to be written; null: none.</summary>
    public string? Output { get; init; }

    /// <summary>Whether what trainings cost is measured instead of their values.</summary>
    public bool Performance { get; init; }
}
