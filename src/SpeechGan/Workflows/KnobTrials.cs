using System.Globalization;
using SpeechGan.Bisect;
using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Goldens;

namespace SpeechGan.Workflows;

/// <summary>
/// Trainings of a scenario's size, each with some of the options of one configuration set as in another one. A result that is in the cache
/// is not trained again.
/// </summary>
internal sealed class KnobTrials : IDisposable
{
    /// <summary>Begins the name of a pseudo-field: the largest distance of a field from the first configuration's, over the
    /// epochs.</summary>
    public const string Distance = "distance.";

    private readonly GoldenPlace place;
    private readonly ScenarioTrial trial;
    private readonly Scenario scenario;
    private readonly long seed;
    private readonly string[] start,
        pinned;
    private readonly FieldReading reading;
    private readonly TrialCache cache;
    private readonly bool byDistance,
        repeats;
    private readonly Action<string> progress;
    private readonly CancellationToken stop;
    private readonly Dictionary<string, int> attempts = [];
    private IReadOnlyDictionary<int, double>? reference;
    private int number;

    /// <summary>Makes it, and refuses a configuration that the scenario cannot have.</summary>
    /// <param name="place">Corpus and weights.</param>
    /// <param name="scenario">What is trained.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="differences">The options that are tried.</param>
    /// <param name="pinned">Options of all trials, <c>key=value</c>.</param>
    /// <param name="field">The field that is read, or <see cref="Distance"/> and its name.</param>
    /// <param name="results">Folder of the cache.</param>
    /// <param name="repeats">Whether an equal set is trained again each time it is asked for.</param>
    /// <param name="progress">Told of each training in a line.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <exception cref="ConfigException">The options do not fit together.</exception>
    public KnobTrials(
        GoldenPlace place,
        Scenario scenario,
        long seed,
        IReadOnlyList<KnobDifference> differences,
        string[] pinned,
        string field,
        string results,
        bool repeats,
        Action<string> progress,
        CancellationToken stop
    )
    {
        (this.place, this.scenario, this.seed, this.pinned, this.repeats, this.progress, this.stop) = (
            place,
            scenario,
            seed,
            pinned,
            repeats,
            progress,
            stop
        );
        Field = field;
        byDistance = field.StartsWith(Distance, StringComparison.Ordinal);
        reading = FieldReading.Of(byDistance ? field[Distance.Length..] : field);
        cache = new TrialCache(results);
        start = [.. differences.Select(d => $"{d.Key}={d.Here}"), .. pinned];
        trial = new ScenarioTrial(place, stop);
        trial.Config(scenario, seed, start);
    }

    /// <summary>What is measured.</summary>
    public string Field { get; }

    /// <summary>Trains with these options as in the second configuration, and the others as in the first.</summary>
    /// <returns>The field's value, not judged yet; a <see cref="TrialOutcome.Skip"/> where the options are refused or the loss is not
    /// finite.</returns>
    public TrialResult Measure(IReadOnlyList<KnobDifference> set)
    {
        stop.ThrowIfCancellationRequested();
        var name = set.Count == 0 ? "the good one" : string.Join(" ", set.Select(d => $"{d.Key}={d.There}"));
        try
        {
            var config = trial.Config(scenario, seed, [.. start, .. set.Select(d => $"{d.Key}={d.There}"), .. pinned]);
            var attempt = attempts[name] = attempts.GetValueOrDefault(name) + 1;
            // The ends are asked for again by the search: they are trained again only where trials may lie.
            var found = Distances(Found(config, repeats ? attempt : 1));
            if (attempt == 1)
                progress(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"[{++number}] {name}: {Field} {found.Value:G5} "
                            + $"({(found.FromCache ? "known from before" : $"{found.Seconds:F1} s")})"
                    )
                );
            return found;
        }
        catch (ConfigException e)
        {
            return Refused(name, $"refused: {e.Message}", e);
        }
        catch (Exception e) when (e is Training.NonFiniteException or BisectException && set.Count > 0)
        {
            return Refused(name, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => trial.Dispose();

    private TrialResult Found(RunConfig config, int attempt)
    {
        var key = string.Create(
            CultureInfo.InvariantCulture,
            $"config {Versions.Program} {Versions.GitCommit} {typeof(KnobTrials).Module.ModuleVersionId}\n{scenario.Name} "
                + $"{place.Surroundings(DateTimeOffset.UnixEpoch).Inputs}\n{config.ToJson()}\n{reading}\n"
                + $"{TensorHost.Fingerprint(config).InWords()}\nattempt {attempt}"
        );
        if (cache.Find(key) is { } known)
            return known;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var trajectory = Trajectory.Of(trial.Run(scenario, config));
        var found = new TrialResult
        {
            Outcome = TrialOutcome.Good,
            Detail = "",
            Value = reading.Value(trajectory),
            Epochs = reading.Series(trajectory),
            Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
        };
        cache.Keep(key, found);
        return found;
    }

    private TrialResult Distances(TrialResult found)
    {
        if (!byDistance)
            return found;
        reference ??= found.Epochs!;
        var shared = found.Epochs!.Where(e => reference.ContainsKey(e.Key));
        return found with { Value = shared.Max(e => Math.Abs(e.Value - reference[e.Key])) };
    }

    private TrialResult Refused(string name, string words, Exception e)
    {
        progress($"[{++number}] {name}: {words}");
        return new TrialResult { Outcome = TrialOutcome.Skip, Detail = e.Message };
    }
}
