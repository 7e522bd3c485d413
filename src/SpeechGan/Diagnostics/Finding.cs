namespace SpeechGan.Diagnostics;

/// <summary>What a theory found out about a run. Without a measurement there is no judgement: not measured is an outcome of its
/// own.</summary>
public enum FindingOutcome
{
    /// <summary>The theory explains the run: its threshold is passed.</summary>
    Confirmed,

    /// <summary>A weaker rule speaks for it; the strong one does not.</summary>
    Suspected,

    /// <summary>The numbers lie between the thresholds.</summary>
    Inconclusive,

    /// <summary>The numbers speak against it.</summary>
    Rejected,

    /// <summary>The run's record lacks what the theory needs; the sentence says what.</summary>
    NotMeasured,
}

/// <summary>One theory's answer, with the numbers it rests on.</summary>
public sealed record Finding
{
    /// <summary>The theory's stable id, for example <c>discriminator-starved</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What the theory means where it is confirmed; set by the verdict.</summary>
    public Severity Severity { get; init; } = Severity.Serious;

    /// <summary>The answer.</summary>
    public required FindingOutcome Outcome { get; init; }

    /// <summary>Name and unit of the number observed, for example <c>training rate (batches stepped / batches seen)</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>Number observed; absent where the outcome is not measured.</summary>
    public double? Observed { get; init; }

    /// <summary>Threshold of the rule that spoke; absent where the outcome is not measured.</summary>
    public double? Threshold { get; init; }

    /// <summary>The rule that spoke, for example <c>below 70 % confirms</c>; absent where the outcome is not measured.</summary>
    public string? Rule { get; init; }

    /// <summary>Where the threshold comes from.</summary>
    public required string ThresholdSource { get; init; }

    /// <summary>Epoch in which what was found began; absent where it has no beginning, or where nothing was found.</summary>
    public int? SinceEpoch { get; init; }

    /// <summary>The answer in a sentence with its numbers.</summary>
    public required string Sentence { get; init; }

    /// <summary>What the finding is about, the worst first: files, steps, parts; empty where it is about the run as a whole.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>Why training samples had no score, where that is what it is about; else empty.</summary>
    public IReadOnlyList<ReasonCount> Reasons { get; init; } = [];

    /// <summary>What to do next, in a sentence; empty where nothing is to be done.</summary>
    public required string NextAction { get; init; }

    /// <summary>The line to type that it comes down to; absent where there is none.</summary>
    public string? Command { get; init; }
}
