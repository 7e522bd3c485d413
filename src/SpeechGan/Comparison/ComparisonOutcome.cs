namespace SpeechGan.Comparison;

/// <summary>How two trainings stand to each other.</summary>
public enum ComparisonOutcome
{
    /// <summary>Every recorded value but the wall times is equal to the bit.</summary>
    Equal,

    /// <summary>Bits differ; every value of the trajectory is within the measured spread of one seed.</summary>
    Within,

    /// <summary>At least one value differs by more than that, or no spread was measured.</summary>
    Different,

    /// <summary>A run is not complete; what both recorded so far is equal or within the spread.</summary>
    Undecided,
}
