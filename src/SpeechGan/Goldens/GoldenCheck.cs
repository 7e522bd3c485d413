using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>How a golden stands after a check.</summary>
public enum GoldenState
{
    /// <summary>Equal to the bit.</summary>
    Equal,

    /// <summary>Another host, every value within its tolerance.</summary>
    WithinTolerance,

    /// <summary>The run differs from what was approved.</summary>
    Differs,

    /// <summary>Nothing is approved yet.</summary>
    NotApproved,

    /// <summary>The run is as approved, but the table of tolerances is another than the one approved with it.</summary>
    OtherTolerances,

    /// <summary>The values hold, and the training costs more than is allowed on the same host.</summary>
    Costlier,

    /// <summary>The golden file is not sound, or not the one that was last approved.</summary>
    Unsound,
}

/// <summary>What the check of one golden came to.</summary>
public sealed record GoldenCheckResult
{
    /// <summary>What was checked.</summary>
    public required ScenarioSeed Golden { get; init; }

    /// <summary>How it stands.</summary>
    public required GoldenState State { get; init; }

    /// <summary>The result in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>The comparison; null where there was nothing sound to compare with.</summary>
    public GoldenComparison? Comparison { get; init; }

    /// <summary>All that a person needs to decide; null where nothing differs or nothing could be compared.</summary>
    public GoldenReport? Report { get; init; }

    /// <summary>What the training cost beside the golden's; empty where it was not measured.</summary>
    public IReadOnlyList<PerformanceComparison> Performance { get; init; } = [];

    /// <summary>What the run gave; null where it did not run.</summary>
    public Golden? Received { get; init; }

    /// <summary>Whether all is well.</summary>
    public bool IsGood => State is GoldenState.Equal or GoldenState.WithinTolerance;
}

/// <summary>Surroundings of a check that go into the provenance of what is received.</summary>
/// <param name="Version">SpeechGan's version, with the commit where it is known.</param>
/// <param name="Inputs">Digests of the bundled corpus and of the weights the scenarios begin with, in words.</param>
/// <param name="Date">Day, <c>2026-11-22</c>.</param>
public sealed record GoldenSurroundings(string Version, string Inputs, string Date);

/// <summary>Runs scenarios and holds them against their goldens. The trainer is brought by the caller: this room never touches a
/// tensor.</summary>
/// <param name="store">The goldens.</param>
/// <param name="tolerances">The table of tolerances.</param>
/// <param name="surroundings">For the provenance.</param>
/// <param name="trial">Trains a scenario with a seed and gives back its record.</param>
/// <param name="performance">What is done with what trainings cost; null: the trial does not measure it.</param>
public sealed class GoldenCheck(
    GoldenStore store,
    ToleranceTable tolerances,
    GoldenSurroundings surroundings,
    Func<Scenario, long, RunRecord> trial,
    PerformanceRule? performance = null
)
{
    /// <summary>Checks one golden: trains, compares, lays the received file beside the approved one where they differ (not on continuous
    /// integration).</summary>
    /// <exception cref="GoldenException">A file cannot be written.</exception>
    public GoldenCheckResult Run(ScenarioSeed golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        var name = golden.GoldenName;
        Golden? verified;
        try
        {
            store.History(name);
            verified = store.IsApproved(name) ? store.Read(name) : null;
        }
        catch (GoldenException e)
        {
            return new GoldenCheckResult
            {
                Golden = golden,
                State = GoldenState.Unsound,
                Sentence = e.Message,
            };
        }

        var received = Receive(golden.Scenario, golden.Seed);
        var sameHost = verified?.Provenance.Host == received.Provenance.Host;
        // Figures that were approved on this host are not lost by a check that did not measure.
        received = performance is null && verified is not null && sameHost ? received.With(verified.Performance) : received;
        IReadOnlyList<PerformanceComparison> costs = [];
        if (performance is not null && verified is not null)
            (received, costs) = Measured(golden, verified, received, sameHost);

        var comparison = store.Check(received, performance?.Use == PerformanceUse.Keep && LacksFigures(verified, sameHost));
        if (comparison is null)
            return NotApproved(golden, received);

        var state = State(comparison, verified!, received, costs);
        return new GoldenCheckResult
        {
            Golden = golden,
            State = state,
            Sentence =
                state == GoldenState.OtherTolerances
                    ? $"Golden '{name}' was approved with other tolerances than {ToleranceTable.FileName} has now: approve it with "
                        + $"them, or restore the table."
                    : comparison.Sentence,
            Comparison = comparison,
            Performance = costs,
            Received = received,
            Report = state is GoldenState.Differs or GoldenState.OtherTolerances
                ? GoldenReport.Of(golden.Scenario, verified!, received, store)
                : null,
        };
    }

    private GoldenCheckResult NotApproved(ScenarioSeed golden, Golden received)
    {
        var name = golden.GoldenName;
        return new GoldenCheckResult
        {
            Golden = golden,
            State = GoldenState.NotApproved,
            Received = received,
            Sentence =
                $"Golden '{name}' is not approved yet. "
                + (
                    !store.KeepsReceived
                        ? "Nothing is written on continuous integration: run this on your own machine, or keep what is received with "
                            + "--received DIR."
                        : $"Look at '{store.ReceivedPath(name)}', then `speechgan golden approve {name}`."
                ),
        };
    }

    private GoldenState State(GoldenComparison comparison, Golden verified, Golden received, IReadOnlyList<PerformanceComparison> costs) =>
        comparison.Outcome switch
        {
            GoldenOutcome.Differs => GoldenState.Differs,
            _ when !verified.Tolerances.All.SequenceEqual(received.Tolerances.All) => GoldenState.OtherTolerances,
            _ when performance?.Use == PerformanceUse.Fail && costs.Any(c => c.Outcome == PerformanceOutcome.Exceeds) =>
                GoldenState.Costlier,
            GoldenOutcome.Equal => GoldenState.Equal,
            _ => GoldenState.WithinTolerance,
        };

    /// <summary>Trains a scenario and makes of its record a golden that could be approved.</summary>
    public Golden Receive(Scenario scenario, long seed)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var run = trial(scenario, seed);
        return new Golden
        {
            Name = scenario.GoldenName(seed),
            Provenance = new Provenance
            {
                Command = $"speechgan golden check {scenario.GoldenName(seed)}",
                Version = surroundings.Version,
                Date = surroundings.Date,
                Seed = seed,
                Corpus = string.Create(CultureInfo.InvariantCulture, $"{scenario.Corpus.InWords()} ({surroundings.Inputs})"),
                Host = run.Info.Host?.InWords() ?? "unknown",
            },
            Tolerances = tolerances.For(scenario.Name),
            Trajectory = Trajectory.Of(run),
        }.With(performance is null ? GoldenPerformance.None : GoldenPerformance.Of(run, performance.Bounds));
    }

    // A figure beyond its bound is measured again: other load on the machine only ever adds, so that the smallest value counts.
    private (Golden Received, IReadOnlyList<PerformanceComparison> Costs) Measured(
        ScenarioSeed golden,
        Golden verified,
        Golden received,
        bool sameHost
    )
    {
        var costs = PerformanceComparison.Of(verified, received.Performance, sameHost);
        for (var i = 1; i < PerformanceRule.Tries && costs.Any(c => c.Outcome == PerformanceOutcome.Exceeds); i++)
        {
            var again = GoldenPerformance.Of(trial(golden.Scenario, golden.Seed), performance!.Bounds);
            received = received.With(received.Performance.Least(again));
            costs = PerformanceComparison.Of(verified, received.Performance, sameHost);
        }

        return (received, costs);
    }

    private static bool LacksFigures(Golden? verified, bool sameHost) =>
        verified is null || !sameHost || verified.Performance.Figures.Count == 0;
}
