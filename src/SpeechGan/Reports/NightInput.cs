using SpeechGan.Goldens;

namespace SpeechGan.Reports;

/// <summary>A test that did not pass.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Message">What it said.</param>
public sealed record NightFailure(string Name, string Message);

/// <summary>A suite of a night.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Total">Tests.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failures">Tests that failed.</param>
/// <param name="Seconds">Seconds from the first test's start to the last one's end; null where the record does not tell.</param>
/// <param name="Absent">Why it did not run; null where it did.</param>
public sealed record NightSuite(string Name, int Total, int Passed, IReadOnlyList<NightFailure> Failures, double? Seconds, string? Absent)
{
    /// <summary>Tests that were skipped.</summary>
    public int Skipped => Total - Passed - Failures.Count;
}

/// <summary>All that a night's page is made of.</summary>
public sealed record NightInput
{
    /// <summary>Lines of the night's summary.</summary>
    public required IReadOnlyList<string> Summary { get; init; }

    /// <summary>Its suites.</summary>
    public required IReadOnlyList<NightSuite> Suites { get; init; }

    /// <summary>Goldens by night, as the trend file has them.</summary>
    public required IReadOnlyList<GoldenTrendEntry> Trend { get; init; }

    /// <summary>The ledger.</summary>
    public required IReadOnlyList<Regression> Regressions { get; init; }

    /// <summary>What <c>tools/golden-power</c> printed; null where it was not measured.</summary>
    public string? Power { get; init; }

    /// <summary>What could not be read, a sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>When the page is made, UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Version of the program that makes it.</summary>
    public required string MadeBy { get; init; }
}
