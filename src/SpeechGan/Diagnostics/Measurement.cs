namespace SpeechGan.Diagnostics;

/// <summary>Something that an imported record lacks, and the shortest way to get it.</summary>
public sealed record Measurement
{
    /// <summary>Place in the order in which to measure, from 1: what decides most for least work comes first.</summary>
    public required int Order { get; init; }

    /// <summary>What to measure.</summary>
    public required string What { get; init; }

    /// <summary>Theories that it settles.</summary>
    public required IReadOnlyList<string> Settles { get; init; }

    /// <summary>What the answer means, in a sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>The line to log in the trainer (<c>recorder</c> is the one of <c>tools/record.py</c>), or the command to run.</summary>
    public required string How { get; init; }
}

/// <summary>A suspicion that a test of the network settles for every run of it, whatever its record holds.</summary>
public sealed record SettledByTest
{
    /// <summary>The suspicion.</summary>
    public required string Claim { get; init; }

    /// <summary>What the test says.</summary>
    public required string Answer { get; init; }

    /// <summary>The test.</summary>
    public required string Test { get; init; }

    /// <summary>The theory that asks the same of a record.</summary>
    public required string Theory { get; init; }
}
