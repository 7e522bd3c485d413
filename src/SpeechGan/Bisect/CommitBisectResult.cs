namespace SpeechGan.Bisect;

/// <summary>How a bisect over commits ended.</summary>
public enum BisectEnd
{
    /// <summary>One commit is named.</summary>
    Found,

    /// <summary>The evidence does not suffice for one: it is one of several.</summary>
    NotSure,

    /// <summary>The good end shows the fault.</summary>
    GoodIsBad,

    /// <summary>The bad end does not show the fault.</summary>
    BadIsGood,

    /// <summary>An end cannot be tried.</summary>
    EndUntestable,

    /// <summary>The ends ran on different hosts (the tensor engine changed between them), and the judge compares what is alike on one host
    /// alone.</summary>
    HostsDiffer,
}

/// <summary>Whether the bad end is cured by taking the culprit back.</summary>
public enum RevertCheck
{
    /// <summary>It was not tried: no single culprit.</summary>
    NotTried,

    /// <summary>Bad with the culprit reverted is good.</summary>
    Cures,

    /// <summary>It stays bad: there may be a second cause.</summary>
    DoesNotCure,

    /// <summary>It cannot be tried: a conflict, or what results does not build.</summary>
    Impossible,
}

/// <summary>What a bisect over commits came to.</summary>
public sealed record CommitBisectResult
{
    /// <summary>How it ended.</summary>
    public required BisectEnd End { get; init; }

    /// <summary>The culprit alone, or those among which it is, in the order of the history.</summary>
    public required IReadOnlyList<string> Suspects { get; init; }

    /// <summary>Probability that the culprit is among the suspects, if trials lie no more often than was assumed.</summary>
    public required double Confidence { get; init; }

    /// <summary>Flake rate that was assumed in the end.</summary>
    public required double FlakeRate { get; init; }

    /// <summary>Whether the same commit gave different outcomes although none was expected to.</summary>
    public required bool FoundFlaky { get; init; }

    /// <summary>Whether the culprit was tried again and was bad, and its parents again and were good.</summary>
    public required bool Confirmed { get; init; }

    /// <summary>Bad with the culprit reverted.</summary>
    public required RevertCheck Revert { get; init; }

    /// <summary>How the host changed between the ends; null: it did not, or is not known.</summary>
    public HostChange? BetweenEnds { get; init; }

    /// <summary>How the host changed with the named commit, against a parent of it; null: it did not, is not known, or none is
    /// named.</summary>
    public HostChange? WithCulprit { get; init; }

    /// <summary>All trials in their order.</summary>
    public required IReadOnlyList<TrialRecord> Trials { get; init; }

    /// <summary>Probability of each candidate that is still possible, by hash.</summary>
    public required IReadOnlyDictionary<string, double> Posterior { get; init; }

    /// <summary>What a reader must know besides, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Judged trials (without those that could not be tried) before the confirmation began, ends included.</summary>
    public int TrialsBeforeConfirmation =>
        Trials.Count(t => t.Purpose is TrialPurpose.End or TrialPurpose.Search && t.Result.Outcome != TrialOutcome.Skip);
}
