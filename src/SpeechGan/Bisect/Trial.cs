using System.Text.Json.Serialization;

namespace SpeechGan.Bisect;

/// <summary>What one trial says.</summary>
public enum TrialOutcome
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It shows the fault.</summary>
    Bad,

    /// <summary>It cannot be judged: it does not build, is refused, or takes too long.</summary>
    Skip,
}

/// <summary>The result of one trial.</summary>
public sealed record TrialResult
{
    /// <summary>What it says.</summary>
    public required TrialOutcome Outcome { get; init; }

    /// <summary>Why, in words: the value against the bound, the exit code, the first error.</summary>
    public required string Detail { get; init; }

    /// <summary>The judged value; absent where the judge reads none.</summary>
    public double? Value { get; init; }

    /// <summary>The judged values epoch by epoch; absent where there are none.</summary>
    public IReadOnlyDictionary<int, double>? Epochs { get; init; }

    /// <summary>Fingerprint of the host that ran it, in words (Runs/HostFingerprint); absent where the run does not tell. Another tensor
    /// engine is another host.</summary>
    public string? Host { get; init; }

    /// <summary>Seconds it took, building included.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether it tells of a slow moment of this machine and not of the commit: such a result is not kept.</summary>
    [JsonIgnore]
    public bool IsPassing { get; init; }

    /// <summary>Whether it was known from before.</summary>
    [JsonIgnore]
    public bool FromCache { get; init; }

    /// <summary>A trial that cannot be judged.</summary>
    /// <param name="detail">Why, in words.</param>
    /// <param name="isPassing">Whether a slow moment of this machine is why.</param>
    public static TrialResult Skip(string detail, bool isPassing = false) =>
        new()
        {
            Outcome = TrialOutcome.Skip,
            Detail = detail,
            IsPassing = isPassing,
        };
}

/// <summary>What a trial was for.</summary>
public enum TrialPurpose
{
    /// <summary>Checks that an end is as it was said to be.</summary>
    End,

    /// <summary>Narrows the candidates down.</summary>
    Search,

    /// <summary>Makes sure before accusing.</summary>
    Confirm,

    /// <summary>The bad end with the culprit reverted.</summary>
    Revert,
}

/// <summary>One trial of a bisect, as it is told and kept.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Commit">Hash of the commit; for a revert, of the commit that was reverted.</param>
/// <param name="Attempt">Which trial of this commit it is, from 1.</param>
/// <param name="Purpose">What it was for.</param>
/// <param name="Result">What it gave.</param>
public sealed record TrialRecord(int Number, string Commit, int Attempt, TrialPurpose Purpose, TrialResult Result);
