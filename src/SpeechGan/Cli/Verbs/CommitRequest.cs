using System.Globalization;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `bisect commits` was asked for.</summary>
internal sealed record CommitRequest
{
    /// <summary>How commits are built.</summary>
    public required BuildRequest Building { get; init; }

    /// <summary>A commit before the fall.</summary>
    public required string Good { get; init; }

    /// <summary>A commit after it.</summary>
    public required string Bad { get; init; }

    /// <summary>Scenario or golden that is trained at each commit; null with a command.</summary>
    public string? Scenario { get; init; }

    /// <summary>Command that is run at each commit, with its arguments; empty with a scenario.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>What is judged; null: the whole golden, or the exit code.</summary>
    public string? Field { get; init; }

    /// <summary>Bad below this.</summary>
    public double? Below { get; init; }

    /// <summary>Bad above this.</summary>
    public double? Above { get; init; }

    /// <summary>Seeds of the scenario; the majority counts.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [];

    /// <summary>Options on top of the scenario's.</summary>
    public IReadOnlyList<string> Knobs { get; init; } = [];

    /// <summary>What of the tree can change a command's outcome; empty: all of it.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Probability from which a commit is suspected.</summary>
    public double Confidence { get; init; }

    /// <summary>Share of trials that lie.</summary>
    public double Flaky { get; init; }

    /// <summary>Trials after which it gives up; null: no bound.</summary>
    public int? MostTrials { get; init; }

    /// <summary>Whether the report is for machines.</summary>
    public bool Json { get; init; }

    /// <summary>Whether a field is held against a bound.</summary>
    public bool HasBound => (Below ?? Above) is not null;

    /// <summary>Refuses what cannot be judged, in a sentence.</summary>
    /// <exception cref="UsageException">An option is out of range, or two contradict each other.</exception>
    public void Validate()
    {
        if ((Scenario is null) == (Command.Count == 0))
            throw new UsageException(
                "Say what is run at each commit: --scenario NAME (`speechgan golden list` has them), or -- COMMAND with its arguments; "
                    + "not both."
            );
        if (Field is null && (Below ?? Above) is not null)
            throw new UsageException("--below and --above are bounds of a field: name it with --field, mean.pesq_wb for example.");
        if (Command.Count > 0 && Field is not null && (Below ?? Above) is null)
            throw new UsageException("A field of a command's JSON needs a bound: give --below X or --above X, beyond which it is bad.");
        if (Confidence is not (>= 0.5 and < 1))
            throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"--confidence is {Confidence}; allowed is 0.5 to below 1.")
            );
        FlakyRate.Require(Flaky);
        Building.Validate();
        if (MostTrials < 3)
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--most-trials is {MostTrials}; allowed is 3 and more: both ends are tried first."
                )
            );
        if (double.IsNaN(Below ?? 0) || double.IsNaN(Above ?? 0))
            throw new UsageException("--below or --above is NaN; allowed is a number to compare the field with.");
    }
}
