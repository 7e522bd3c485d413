using SpeechGan.Statistics;

namespace SpeechGan.Comparison;

/// <summary>What a paired difference shows.</summary>
public enum QuantityVerdict
{
    /// <summary>Every pair is equal.</summary>
    Equal,

    /// <summary>The interval contains zero: it cannot be told from no difference.</summary>
    NotTold,

    /// <summary>The interval leaves zero out, and two seeds of one side differ by as much.</summary>
    LessThanSeeds,

    /// <summary>The interval leaves zero out, and the difference is larger than that of two seeds.</summary>
    MoreThanSeeds,

    /// <summary>The interval leaves zero out; what seeds differ by was not measured (one seed).</summary>
    SeedsUnknown,

    /// <summary>There is no value to judge, or too few for an interval.</summary>
    Unmeasured,
}

/// <summary>How a quantity of B differs from A's, over pairs.</summary>
public sealed record QuantityDifference
{
    /// <summary>Quantity: <c>pesq_wb</c>, <c>si_sdr</c>, <c>trainingRate</c>, <c>gradientShare.gan</c>, ...</summary>
    public required string Name { get; init; }

    /// <summary>Mean of A over the pairs; null where there are none.</summary>
    public double? MeanOfA { get; init; }

    /// <summary>Mean of B over the pairs.</summary>
    public double? MeanOfB { get; init; }

    /// <summary>B minus A with its interval; null where there are no pairs.</summary>
    public MeanEstimate? Difference { get; init; }

    /// <summary>What a pair is: <c>seeds</c>, <c>utterances</c>, <c>steps</c>, or <c>means of 174 steps</c>.</summary>
    public required string Pairs { get; init; }

    /// <summary>Root mean square distance between two seeds of one side; null where a side has one seed only.</summary>
    public double? SeedSpread { get; init; }

    /// <summary>What it shows.</summary>
    public required QuantityVerdict Verdict { get; init; }

    /// <summary>Why it is unmeasured; null where it is measured.</summary>
    public string? Reason { get; init; }

    /// <summary>The verdict in words.</summary>
    public string InWords =>
        Verdict switch
        {
            QuantityVerdict.Equal => "equal",
            QuantityVerdict.NotTold => "cannot be told from no difference",
            QuantityVerdict.LessThanSeeds => "differs, by less than two seeds do",
            QuantityVerdict.MoreThanSeeds => "differs by more than seeds do",
            QuantityVerdict.SeedsUnknown => "differs; what seeds differ by was not measured",
            _ => $"{(Difference is null ? "not measured" : "cannot be judged")}: {Reason}",
        };
}
