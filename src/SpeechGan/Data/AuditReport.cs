namespace SpeechGan.Data;

/// <summary>How much an audit's finding weighs.</summary>
public enum AuditLevel
{
    /// <summary>Something is wrong with the corpus: training on it teaches, or tests, something else than is meant.</summary>
    Fault,

    /// <summary>Good to know; nothing need be wrong.</summary>
    Note,
}

/// <summary>One thing an audit found.</summary>
public sealed record AuditFinding
{
    /// <summary>Stable name, kebab-case, for example <c>misaligned</c>; <see cref="CorpusAudit"/> lists them.</summary>
    public required string Kind { get; init; }

    /// <summary>How much it weighs.</summary>
    public required AuditLevel Level { get; init; }

    /// <summary>Part of the corpus: <c>train</c>, <c>valid</c>, <c>test</c>, or a further folder's name.</summary>
    public required string Split { get; init; }

    /// <summary>Utterance; absent where it is about the part as a whole.</summary>
    public string? Name { get; init; }

    /// <summary>Number found; absent where it is no matter of a number.</summary>
    public double? Observed { get; init; }

    /// <summary>What a sound corpus has at most (or at least, by the sentence).</summary>
    public double? Allowed { get; init; }

    /// <summary>What is wrong, with its numbers.</summary>
    public required string Sentence { get; init; }
}

/// <summary>A part of the corpus in numbers.</summary>
/// <param name="Split">Its name.</param>
/// <param name="Pairs">Pairs that could be read.</param>
/// <param name="Seconds">Seconds of its clean side.</param>
/// <param name="SilentShare">Share of its 20 ms frames in which the clean side is silent; absent where it has no frame.</param>
public sealed record AuditedPart(string Split, int Pairs, double Seconds, double? SilentShare)
{
    /// <summary>Level, noise floor, bandwidth, rate and clipping of both sides; empty in older audits.</summary>
    public IReadOnlyList<PartMeasure> Measures { get; init; } = [];
}

/// <summary>How far the parts were compared for recordings that are in two of them.</summary>
/// <param name="Compared">Pairs of recordings that were compared.</param>
/// <param name="LeftOut">Pairs that were not.</param>
public sealed record AuditedLikeness(long Compared, long LeftOut);

/// <summary>What an audit found, faults first, then in the order of the parts and of the utterances' names.</summary>
public sealed record AuditReport
{
    /// <summary>The corpus' folder, full path.</summary>
    public required string Root { get; init; }

    /// <summary>Its parts.</summary>
    public required IReadOnlyList<AuditedPart> Parts { get; init; }

    /// <summary>What was found.</summary>
    public required IReadOnlyList<AuditFinding> Findings { get; init; }

    /// <summary>Names, sizes and times of its files when it was audited; absent in older audits, and where they could not be
    /// listed.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Pairs that were not read, since the time was over: the findings are those of the others.</summary>
    public int LeftOut { get; init; }

    /// <summary>Pairs of recordings of two parts that were compared for likeness, and those that were not, since the time was over; absent
    /// in older audits, and where there is one part.</summary>
    public AuditedLikeness? Likeness { get; init; }

    /// <summary>Whether everything was looked at.</summary>
    public bool IsComplete => LeftOut == 0 && Likeness is null or { LeftOut: 0 };

    /// <summary>Whether there is a fault.</summary>
    public bool HasFaults => Findings.Any(f => f.Level == AuditLevel.Fault);
}
