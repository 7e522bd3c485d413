namespace SpeechGan.Comparison;

/// <summary>What must hold for a comparison to pass.</summary>
public enum ComparisonAssertion
{
    /// <summary>Equal to the bit.</summary>
    Equal,

    /// <summary>Equal, or within the spread of one seed.</summary>
    Within,

    /// <summary>PESQ does not differ by more than seeds do.</summary>
    Pesq,
}

/// <summary>Judges comparisons.</summary>
public static class ComparisonJudge
{
    /// <summary>Whether a comparison holds what was asked for.</summary>
    /// <returns>Null where it cannot be judged: a run is not complete, PESQ has no interval, or imported runs differ and nothing tells how
    /// far runs of one seed lie apart.</returns>
    public static bool? Holds(RunComparison comparison, ComparisonAssertion assertion)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (assertion == ComparisonAssertion.Pesq)
            return comparison.Quantities.First(q => q.Name == "pesq_wb").Verdict switch
            {
                QuantityVerdict.Unmeasured => null,
                QuantityVerdict.MoreThanSeeds or QuantityVerdict.SeedsUnknown => false,
                _ => true,
            };
        return comparison.Outcome switch
        {
            ComparisonOutcome.Undecided when assertion == ComparisonAssertion.Within || comparison.Pairs.All(p => p.First is null) => null,
            ComparisonOutcome.Different
                when assertion == ComparisonAssertion.Within && comparison.Pairs.All(p => p is { Compared: not null, Beyond: null }) =>
                null,
            ComparisonOutcome.Equal => true,
            ComparisonOutcome.Within => assertion == ComparisonAssertion.Within,
            _ => false,
        };
    }
}
