using System.Globalization;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>How a verb that tries commits builds and runs them.</summary>
internal sealed record BuildRequest
{
    /// <summary>Seconds a build or a run may take where nothing else is asked.</summary>
    public const double UsualLimit = 900;

    private const double MostSeconds = 7 * 24 * 3600;

    /// <summary>Checkout of the repository; nothing in it is changed.</summary>
    public required string Repository { get; init; }

    /// <summary>Shell command that builds; null: the usual one.</summary>
    public string? Command { get; init; }

    /// <summary>Seconds a build may take.</summary>
    public double BuildLimit { get; init; } = UsualLimit;

    /// <summary>Seconds a run may take.</summary>
    public double TimeLimit { get; init; } = UsualLimit;

    /// <summary>Where worktrees and results are kept; null: the user's cache.</summary>
    public string? Cache { get; init; }

    /// <summary>Folder with corpus, networks and trajectories; null: the checkout's.</summary>
    public string? Golden { get; init; }

    /// <summary>Builds worktrees by it.</summary>
    public SpeechGanBuild Build => new(Command, TimeSpan.FromSeconds(BuildLimit));

    /// <summary>Refuses limits that are out of range.</summary>
    /// <exception cref="UsageException">One is; the sentence names it.</exception>
    public void Validate()
    {
        foreach (var (option, limit) in new[] { ("--build-limit", BuildLimit), ("--time-limit", TimeLimit) })
            if (limit is not (> 0 and <= MostSeconds))
                throw new UsageException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{option} is {limit}; allowed is above 0 and up to {MostSeconds} seconds (a week)."
                    )
                );
    }
}
