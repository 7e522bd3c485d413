using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics;

/// <summary>A theory that ended differently in two runs.</summary>
/// <param name="Id">The theory.</param>
/// <param name="Here">Its outcome in the run.</param>
/// <param name="There">Its outcome in the baseline.</param>
public sealed record FindingDifference(string Id, FindingOutcome Here, FindingOutcome There);

/// <summary>A run beside another one: what they were set to, what was found, and what it did to PESQ.</summary>
public sealed record BaselineComparison
{
    /// <summary>The baseline's id.</summary>
    public required string Baseline { get; init; }

    /// <summary>Theories that ended differently, in the order they are asked.</summary>
    public required IReadOnlyList<FindingDifference> Findings { get; init; }

    /// <summary>Knobs that differ; absent where a configuration could not be read.</summary>
    public IReadOnlyList<KnobDifference>? Knobs { get; init; }

    /// <summary>Mean PESQ of the run less the baseline's, utterance by utterance, each after its last validated epoch; absent with a reason
    /// where they have none in common.</summary>
    public MeanEstimate? Pesq { get; init; }

    /// <summary>The comparison of PESQ in a sentence, or why there is none.</summary>
    public required string Sentence { get; init; }

    /// <summary>Compares two examined runs.</summary>
    public static BaselineComparison Of(RunRecord run, Verdict verdict, RunRecord baseline, Verdict other)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(other);
        var there = other.Findings.ToDictionary(f => f.Id, f => f.Outcome);
        var (pesq, sentence) = Difference(run, baseline);
        return new BaselineComparison
        {
            Baseline = other.Run,
            Findings =
            [
                .. verdict
                    .Findings.Where(f => there.TryGetValue(f.Id, out var o) && o != f.Outcome)
                    .Select(f => new FindingDifference(f.Id, f.Outcome, there[f.Id])),
            ],
            Knobs = run.Config is { } mine && baseline.Config is { } theirs ? mine.DifferencesTo(theirs) : null,
            Pesq = pesq,
            Sentence = sentence,
        };
    }

    private static (MeanEstimate? Estimate, string Sentence) Difference(RunRecord run, RunRecord baseline)
    {
        IReadOnlyList<ValidationPoint> mine = ValidationHistory.Of(run),
            theirs = ValidationHistory.Of(baseline);
        if (mine.Count == 0 || theirs.Count == 0)
            return (null, $"PESQ was not compared: {(mine.Count == 0 ? "the run" : "the baseline")} has no validated epoch.");

        ValidationPoint here = mine[^1],
            there = theirs[^1];
        Dictionary<string, (int?, int?)> cuts = Cuts(run, here.Epoch),
            others = Cuts(baseline, there.Epoch);
        var changes = ValidationHistory
            .Changes(there, here)
            .Where(c => cuts.TryGetValue(c.Name, out var cut) && others.TryGetValue(c.Name, out var other) && cut == other)
            .Select(c => c.Change)
            .ToList();
        if (changes.Count == 0)
            return (null, "PESQ was not compared: no utterance was scored on the same cut in both runs.");

        var estimate = Bootstrap.Estimate(changes, 1);
        var interval = estimate is { Low: { } low, High: { } high }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", 95 % interval {low:+0.000;-0.000} to {high:+0.000;-0.000}: " + $"{Told(estimate)}"
            )
            : $"; {estimate.NoInterval}";
        return (
            estimate,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Validation PESQ after epoch {here.Epoch} is {estimate.Mean:+0.000;-0.000} against the baseline's after epoch "
                    + $"{there.Epoch}, over {estimate.Count} utterances in pairs{interval}."
            )
        );
    }

    private static Dictionary<string, (int?, int?)> Cuts(RunRecord run, int epoch) =>
        run.EvaluationsOf(epoch)
            .Where(e => e.Split == ValidationHistory.Split)
            .GroupBy(e => e.Name)
            .ToDictionary(g => g.Key, g => (g.Last().CutStart, g.Last().CutLength), StringComparer.Ordinal);

    private static string Told(MeanEstimate estimate)
    {
        if (estimate.TellsFromZero != true)
            return "no difference that can be told";
        return estimate.Mean > 0 ? "better" : "worse";
    }
}
