namespace SpeechGan.Runs;

/// <summary>A line of <c>evaluations.jsonl</c>: one utterance after one epoch, every metric or the reason there is none.</summary>
public sealed record UtteranceEvaluation
{
    /// <summary>Epoch after which it was evaluated; 0 is before training.</summary>
    public required int Epoch { get; init; }

    /// <summary>Split: <c>valid</c>, <c>test</c> or <c>train</c>.</summary>
    public required string Split { get; init; }

    /// <summary>File's name without its extension.</summary>
    public required string Name { get; init; }

    /// <summary>First sample of the cut; absent where an imported record does not tell it.</summary>
    public int? CutStart { get; init; }

    /// <summary>Samples of the cut; absent where an imported record does not tell it.</summary>
    public int? CutLength { get; init; }

    /// <summary>Metrics by name, for example <c>pesq_wb</c>, <c>si_sdr</c>.</summary>
    public required IReadOnlyDictionary<string, double> Metrics
    {
        get;
        init => field = Absence.Ordered(value);
    }

    /// <summary>Reasons of metrics that have no value, by name.</summary>
    public IReadOnlyDictionary<string, string> Unavailable
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.None;

    /// <summary>Where each imported value stands in the foreign record (file and line, or event file and tag), by name; absent in a run of
    /// this program.</summary>
    public IReadOnlyDictionary<string, string>? Sources
    {
        get;
        init => field = value is null ? null : Absence.Ordered(value);
    }
}

/// <summary>A line of <c>oracles.jsonl</c>: an identity that holds in every sound trainer, checked on a batch (estimate := clean gives zero
/// losses, for example).</summary>
public sealed record ReconstructionCheck
{
    /// <summary>The first batches of a run whose samples are held against their files (<c>loaded/clean</c>, <c>loaded/noisy</c>).</summary>
    public const int BatchesHeldAgainstFiles = 4;

    /// <summary>Epoch before which it was checked, from 1; 0 before training.</summary>
    public required int Epoch { get; init; }

    /// <summary>Stable name, for example <c>estimate-is-clean/time</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Value found; absent with a reason where it could not be measured.</summary>
    public double? Observed { get; init; }

    /// <summary>Value a sound trainer gives.</summary>
    public required double Expected { get; init; }

    /// <summary>Largest allowed distance of the two.</summary>
    public required double Allowed { get; init; }

    /// <summary>Whether it holds; absent where nothing was observed.</summary>
    public bool? Holds => Observed is { } observed ? Math.Abs(observed - Expected) <= Allowed : null;

    /// <summary>Reasons of absent values by name.</summary>
    public IReadOnlyDictionary<string, string> Unavailable
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.None;
}
