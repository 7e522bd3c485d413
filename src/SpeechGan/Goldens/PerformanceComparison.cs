using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>How a figure of performance stands to the golden's.</summary>
public enum PerformanceOutcome
{
    /// <summary>At most the golden's and what is allowed above it.</summary>
    Holds,

    /// <summary>More than that, on the same host.</summary>
    Exceeds,

    /// <summary>Told and not judged: another host, no golden figure, or no bound.</summary>
    Told,

    /// <summary>Not measured.</summary>
    NotMeasured,
}

/// <summary>A figure of performance beside the golden's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">How it stands.</param>
/// <param name="Expected">The golden's; null where it has none.</param>
/// <param name="Received">What was measured; null where it was not.</param>
/// <param name="Allowed">How much more is allowed, as a share; null where nothing is judged.</param>
/// <param name="Sentence">All of it in words.</param>
public sealed record PerformanceComparison(
    string Name,
    PerformanceOutcome Outcome,
    double? Expected,
    double? Received,
    double? Allowed,
    string Sentence
)
{
    /// <summary>Compares the figures of a training with a golden's.</summary>
    /// <param name="golden">The golden.</param>
    /// <param name="received">What was measured.</param>
    /// <param name="sameHost">Whether both were made on equal hosts: nothing else is judged.</param>
    public static IReadOnlyList<PerformanceComparison> Of(Golden golden, GoldenPerformance received, bool sameHost)
    {
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(received);
        return [.. new[] { GoldenPerformance.StepTime, GoldenPerformance.PeakMemory }.Select(name => Of(golden, received, sameHost, name))];
    }

    private static PerformanceComparison Of(Golden golden, GoldenPerformance received, bool sameHost, string name)
    {
        var expected = golden.Performance.Figures.FirstOrDefault(f => f.Name == name);
        if (received.Figures.FirstOrDefault(f => f.Name == name) is not { } found)
        {
            var why = received.Unavailable.GetValueOrDefault(name, "the training was not measured (--performance)");
            return new(name, PerformanceOutcome.NotMeasured, expected?.Value, null, null, $"{name}: not measured: {why}.");
        }

        var now = $"{name}: {GoldenPerformance.InUnit(name, found.Value)}";
        if (expected is null)
        {
            var why = golden.Performance.Unavailable.GetValueOrDefault(
                name,
                $"it was approved without (format {golden.Format}); --performance keep writes it for approval"
            );
            return new(name, PerformanceOutcome.Told, null, found.Value, null, $"{now}; the golden has none: {why}.");
        }

        var times = string.Create(
            CultureInfo.InvariantCulture,
            $"the golden {GoldenPerformance.InUnit(name, expected.Value)} (x{found.Value / expected.Value:F2}"
        );
        if (!sameHost)
            return new(
                name,
                PerformanceOutcome.Told,
                expected.Value,
                found.Value,
                null,
                $"{now}; {times}), made on another host: reported, not judged."
            );

        if (expected.Allowed is not { } allowed)
            return new(name, PerformanceOutcome.Told, expected.Value, found.Value, null, $"{now}; {times}): not judged: {expected.Cause}.");

        var holds = found.Value <= expected.Value * (1 + allowed);
        var limit = string.Create(CultureInfo.InvariantCulture, $"{times}, allowed x{1 + allowed:F2})");
        return new(
            name,
            holds ? PerformanceOutcome.Holds : PerformanceOutcome.Exceeds,
            expected.Value,
            found.Value,
            allowed,
            $"{now}; {limit}: {(holds ? "holds" : "MORE THAN ALLOWED")}."
        );
    }
}

/// <summary>What a check does with figures of performance.</summary>
public enum PerformanceUse
{
    /// <summary>They are told and decide nothing.</summary>
    Tell,

    /// <summary>A figure beyond its bound on the same host fails the check.</summary>
    Fail,

    /// <summary>Where the golden lacks them, what was received is laid beside it for approval.</summary>
    Keep,
}

/// <summary>The rule of a check that measures performance.</summary>
/// <param name="Use">What is done with the figures.</param>
/// <param name="Bounds">Bounds, shares of a figure by its name.</param>
public sealed record PerformanceRule(PerformanceUse Use, Tolerances Bounds)
{
    /// <summary>Trainings that a figure beyond its bound is given: its smallest value counts, since other load on the machine only ever
    /// adds.</summary>
    public const int Tries = 3;
}
