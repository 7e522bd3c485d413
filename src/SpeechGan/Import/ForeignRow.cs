namespace SpeechGan.Import;

/// <summary>A number of a foreign record.</summary>
/// <param name="Field">Which field it is.</param>
/// <param name="Value">The number; NaN and infinity are kept here, since a loss that is not finite is a finding.</param>
/// <param name="Place">Where it stands: file and line, or event file and tag.</param>
internal readonly record struct ForeignNumber(ForeignField Field, double Value, string Place);

/// <summary>What a foreign record says of one step or one epoch.</summary>
/// <param name="Epoch">Epoch as the source counts; null where it does not tell.</param>
/// <param name="Step">Step as the source counts; null for a row about a whole epoch.</param>
/// <param name="Place">Where the row stands, for sentences.</param>
/// <param name="Numbers">Its numbers, one of a field at most.</param>
internal sealed record ForeignRow(int? Epoch, long? Step, string Place, IReadOnlyList<ForeignNumber> Numbers)
{
    /// <summary>Whether the source says that a training starts here.</summary>
    public bool Starts { get; init; }

    /// <summary>Its number of a field; null where it has none.</summary>
    public ForeignNumber? Find(ForeignField field)
    {
        foreach (var number in Numbers)
        {
            if (number.Field == field)
                return number;
        }

        return null;
    }
}

/// <summary>A foreign record as it was read, in its own order, before it becomes steps and epochs.</summary>
internal sealed record ForeignRecord
{
    /// <summary>What wrote it, in words.</summary>
    public required string Writer { get; init; }

    /// <summary>Rows in the source's order.</summary>
    public required IReadOnlyList<ForeignRow> Rows { get; init; }

    /// <summary>Which column, tag or word became which field.</summary>
    public IReadOnlyList<Runs.ImportedField> Fields { get; init; } = [];

    /// <summary>What was assumed, left out or could not be read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>First time that the source tells, UTC; null where it tells none.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Epoch of a step where rows have steps and no epoch, with the sentence that says how it was found; null where rows tell
    /// their epochs.</summary>
    public string? EpochsGuessed { get; init; }
}
