namespace SpeechGan.Runs;

/// <summary>A file that a foreign record was read from.</summary>
/// <param name="Name">Name relative to the source that was given.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="Sha256">SHA-256 of its contents, hexadecimal.</param>
public sealed record ImportedFile(string Name, long Bytes, string Sha256);

/// <summary>Which column, tag or word of a source became which field of the record.</summary>
/// <param name="Field">Field, as <c>--map</c> calls it.</param>
/// <param name="Source">Column, tag or word.</param>
/// <param name="Guessed">Whether the name decided; false: <c>--map</c> said so, or the format defines it.</param>
public sealed record ImportedField(string Field, string Source, bool Guessed);

/// <summary>Where the record of another trainer came from; in <c>run.json</c> of an imported run.</summary>
public sealed record ImportedFrom
{
    /// <summary>Kind of event files, which keep numbers in 32 bits.</summary>
    public const string EventFiles = "tensorboard";

    /// <summary>How the source of an epoch's value begins that the import made of the logged steps.</summary>
    public const string MeanOf = "mean of ";

    /// <summary>How the reason of a value begins that the source does not tell.</summary>
    public const string NotRecordedBy = "not recorded by ";

    /// <summary>Kind of the source: <c>cmgan</c>, <c>tensorboard</c>, <c>csv</c>, <c>jsonl</c> or <c>record</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What wrote it, in words: <c>the CSV table 'mission.csv'</c>. Reasons of absent values name it.</summary>
    public required string Writer { get; init; }

    /// <summary>Files that were read.</summary>
    public IReadOnlyList<ImportedFile> Files { get; init; } = [];

    /// <summary>Fields that were found, each with its source.</summary>
    public IReadOnlyList<ImportedField> Fields { get; init; } = [];

    /// <summary>Whether the source counts epochs from 0: its epoch N is epoch N + 1 of the record.</summary>
    public bool EpochsFromZero { get; init; }

    /// <summary>Whether only some of the steps were logged (every 500th, for example): counts of steps are then a sample.</summary>
    public bool StepsAreSampled { get; init; }

    /// <summary>What was assumed, left out or could not be read, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
