using SpeechGan.Configuration;

namespace SpeechGan.Bisect;

/// <summary>What one option does to the judged value.</summary>
/// <param name="Difference">The option with its good and its bad value.</param>
/// <param name="Needed">Whether it is of the smallest set.</param>
/// <param name="Alone">The good configuration with this option's bad value; null where it was refused or not measured.</param>
/// <param name="AloneOutcome">How that is judged.</param>
/// <param name="Removed">For an option of the set: all of the set but this one. For another: the bad configuration with this option's good
/// value.</param>
/// <param name="RemovedOutcome">How that is judged.</param>
public sealed record OptionEffect(
    KnobDifference Difference,
    bool Needed,
    double? Alone,
    TrialOutcome AloneOutcome,
    double? Removed,
    TrialOutcome RemovedOutcome
);

/// <summary>What a bisect over options came to.</summary>
public sealed record ConfigBisectResult
{
    /// <summary>The smallest set of options that shows the fault on the good configuration; null where the bad configuration does not show
    /// it; empty where the good one does.</summary>
    public required IReadOnlyList<KnobDifference>? Needed { get; init; }

    /// <summary>Value of the good configuration; null where it was not judged.</summary>
    public double? Good { get; init; }

    /// <summary>Value of the bad configuration.</summary>
    public double? Bad { get; init; }

    /// <summary>Value of the good configuration with the set.</summary>
    public double? Reproduced { get; init; }

    /// <summary>Whether the set alone shows the fault: tried again where trials lie.</summary>
    public bool Sufficient { get; init; }

    /// <summary>Whether each of the set is needed: without it the fault is gone, or what is left is refused.</summary>
    public bool Necessary { get; init; }

    /// <summary>Each option's effect, the set's first.</summary>
    public required IReadOnlyList<OptionEffect> Effects { get; init; }

    /// <summary>Options outside the set that show the fault by themselves: taking the set back from the bad configuration does not cure it
    /// while one of them stays.</summary>
    public IReadOnlyList<KnobDifference> AlsoSufficient =>
        [.. Effects.Where(e => !e.Needed && e.AloneOutcome == TrialOutcome.Bad).Select(e => e.Difference)];

    /// <summary>Configurations that were tried.</summary>
    public required int Trials { get; init; }
}

/// <summary>Finds which of the options that two configurations set differently make the fault: ddmin, then sufficiency, necessity, and each
/// one's effect.</summary>
/// <param name="differences">The options.</param>
/// <param name="trial">Tries the good configuration with the bad values of these options.</param>
/// <param name="flakeRate">Probability that an outcome is wrong; above 0 each set is tried until one outcome leads by enough.</param>
public sealed class ConfigBisect(
    IReadOnlyList<KnobDifference> differences,
    Func<IReadOnlyList<KnobDifference>, TrialResult> trial,
    double flakeRate = 0
)
{
    // An outcome that leads by as much is wrong once in ten thousand sets.
    private const double Doubt = 1e-4;
    private readonly Dictionary<string, TrialResult> results = new(StringComparer.Ordinal);

    /// <summary>Runs it.</summary>
    /// <param name="effects">Whether each option's effect is measured too.</param>
    public ConfigBisectResult Run(bool effects = true)
    {
        var search = new DeltaDebugging(differences.Count, set => Result(set).Outcome);
        var set = search.Minimise();
        int[] all = [.. Enumerable.Range(0, differences.Count)];
        var sufficient = set is { Count: > 0 } && search.Of(set) == TrialOutcome.Bad;
        var necessary = set is { Count: > 0 } && set.All(o => search.Of(set.Except([o])) != TrialOutcome.Bad);
        var measured = new List<OptionEffect>();
        if (effects && set is { Count: > 0 })
        {
            foreach (var option in set.Concat(all.Except(set)))
            {
                var needed = set.Contains(option);
                var alone = Result([option]);
                var removed = Result([.. (needed ? set : all).Where(o => o != option)]);
                measured.Add(new OptionEffect(differences[option], needed, alone.Value, alone.Outcome, removed.Value, removed.Outcome));
            }
        }

        return new ConfigBisectResult
        {
            Needed = set is null ? null : [.. set.Select(o => differences[o])],
            Good = results.GetValueOrDefault("")?.Value,
            Bad = Result(all).Value,
            Reproduced = set is null ? null : Result(set).Value,
            Sufficient = sufficient,
            Necessary = necessary,
            Effects = measured,
            Trials = results.Count,
        };
    }

    private TrialResult Result(IReadOnlyList<int> set)
    {
        var key = string.Join(',', set);
        return results.TryGetValue(key, out var known) ? known : results[key] = Settled([.. set.Select(o => differences[o])]);
    }

    private TrialResult Settled(IReadOnlyList<KnobDifference> set)
    {
        var first = trial(set);
        if (flakeRate <= 0 || first.Outcome == TrialOutcome.Skip)
            return first;

        var needed = (int)Math.Ceiling(Math.Log(1 / Doubt) / Math.Log((1 - flakeRate) / flakeRate));
        var results = new List<TrialResult> { first };
        int Lead() =>
            results.Sum(r =>
                r.Outcome == TrialOutcome.Bad ? 1
                : r.Outcome == TrialOutcome.Good ? -1
                : 0
            );
        while (Math.Abs(Lead()) < needed && results.Count < 10 * needed)
            results.Add(trial(set));

        var lead = Lead();
        var outcome =
            Math.Abs(lead) < needed ? TrialOutcome.Skip
            : lead > 0 ? TrialOutcome.Bad
            : TrialOutcome.Good;
        double[] values = [.. results.Select(r => r.Value).OfType<double>()];
        return first with { Outcome = outcome, Value = values.Length > 0 ? values.Sum() / values.Length : null };
    }
}
