using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `golden check` was asked for.</summary>
internal sealed record GoldenCheckRequest
{
    private const int MostProcesses = 256;

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

    /// <summary>Refuses what is out of range or does not go together.</summary>
    /// <exception cref="UsageException">The sentence names it.</exception>
    public void Validate()
    {
        if (Processes is < 1 or > MostProcesses)
            throw new UsageException($"--processes is {Processes}; allowed is 1 to {MostProcesses}.");
        if (this is { Performance: not null, Processes: > 1 })
            throw new UsageException(
                $"--performance measures one training at a time, and --processes is {Processes}: trainings side by side slow "
                    + $"each other down. Leave one of the two options out."
            );
    }

    /// <summary>What is done with figures of performance, by its word.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static PerformanceUse Use(string? word) =>
        word switch
        {
            null or "tell" => PerformanceUse.Tell,
            "fail" => PerformanceUse.Fail,
            "keep" => PerformanceUse.Keep,
            _ => throw new UsageException(
                $"--performance is '{word}'; allowed are tell (the default), fail (a figure beyond its bound on the same host fails the "
                    + $"check) and keep (writes figures that a golden lacks beside it for approval)."
            ),
        };
}
