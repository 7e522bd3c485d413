using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary>
/// One possible cause of a fall in PESQ. A theory reads the record of a run and nothing else, has its thresholds as named constants, and
/// stays silent on healthy runs. A new one is a file in <c>Theories</c>, a line in <see cref="Theories.AllTheories"/> and a test class.
/// </summary>
public interface ITheory
{
    /// <summary>Stable id, kebab-case.</summary>
    string Id { get; }

    /// <summary>The cause it asks for, in a sentence.</summary>
    string Question { get; }

    /// <summary>What it means where it is confirmed.</summary>
    Severity Severity => Severity.Serious;

    /// <summary>Examines a run; what the record lacks gives <see cref="FindingOutcome.NotMeasured"/>, never an exception.</summary>
    Finding Examine(RunRecord run);
}
