using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The run ends where it began: its loss has not fallen and its estimates are no better than the noisy signals, or are the noisy
/// signals.</summary>
public sealed class NothingLearned()
    : Theory(
        "nothing-learned",
        Severity.Serious,
        "Does the run learn anything: does the loss fall, and do estimates become better than the noisy signals?",
        "median loss of the last quarter of the steps over that of the first",
        "seventeen runs of 144 steps without a fault lay between 0.30 and 0.78 (tools/kernel-statistics); a run that begins with "
            + "trained weights does not fall and lies above the noisy side from the beginning"
    )
{
    /// <summary>A loss that stays above this share of its beginning has not fallen.</summary>
    public const double Fallen = 0.95;

    /// <summary>Steps before it is judged.</summary>
    public const int Steps = 100;

    /// <summary>Steps before estimates below the noisy side are suspected while the loss still falls: they are there in every run that
    /// begins with random weights.</summary>
    public const int StepsToPass = 500;

    // What two evaluations of the same signal differ by.
    private const double SamePesq = 1e-4,
        SameDecibels = 1e-2;
    private const string Noisy = "noisy_";

    private const string Action =
        "Look at the theories above it; where none is confirmed, overfit four pairs (a folder of four, --epochs 60): a trainer "
        + "that cannot do that is at fault, one that can wants a larger learning rate or more data.";

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var noisy = run.EvaluationsOf(0)
            .Where(e => e.Split == ValidationHistory.Split)
            .GroupBy(e => e.Name)
            .ToDictionary(g => g.Key, g => g.Last().Metrics, StringComparer.Ordinal);
        var history = ValidationHistory.Of(run);
        var last = history.Count == 0 ? null : history[^1];
        var losses = run.Rows.Select(s => s.TotalLoss).Where(t => t is { } v && double.IsFinite(v)).Select(t => t!.Value);
        var steps = losses.Count();
        if (last is null || noisy.Count == 0 || steps < Steps)
            return NotMeasured(
                steps < Steps ? $"{steps} steps recorded a loss, and {Steps} are needed" : "no validation beside the noisy side is recorded"
            );

        var quarter = steps / 4;
        double first = LongMedian.Of(losses.Take(quarter)),
            now = LongMedian.Of(losses.Skip(steps - quarter));
        var ratio = first > 0 ? Math.Min(1e9, now / first) : 1;
        var own = run.EvaluationsOf(last.Epoch).Where(e => e.Split == ValidationHistory.Split && noisy.ContainsKey(e.Name)).ToList();
        var gains = own.Select(e => Gain(e.Metrics, noisy[e.Name], RecordName.Pesq)).OfType<double>().ToList();
        if (gains.Count == 0)
            return NotMeasured("no validation utterance has a PESQ of its own and of its noisy side");

        if (
            own.All(e =>
                Gain(e.Metrics, noisy[e.Name], RecordName.Pesq) is { } p
                && Math.Abs(p) < SamePesq
                && Gain(e.Metrics, noisy[e.Name], RecordName.SiSdr) is { } d
                && Math.Abs(d) < SameDecibels
            )
        )
            return Judged(
                FindingOutcome.Confirmed,
                ratio,
                Fallen,
                "estimates that score as the noisy signals do, every one, confirm",
                $"All {own.Count} estimates of epoch {last.Epoch} score as their noisy signals do: what is evaluated is the input, or "
                    + $"the network gives it back.",
                "Look at what the evaluator is given (src/SpeechGan/Evaluation/Enhancer.cs) and whether the generator's weights move "
                    + "(weights-stand-still).",
                last.Epoch
            );

        var gain = gains.Average();
        var numbers = Say(
            $"The loss went from {first:F4} to {now:F4} (medians of the first and the last quarter of {steps} steps), and PESQ "
                + $"of {gains.Count} validation utterances lies {gain:+0.00;-0.00} beside the noisy side"
        );
        return Outcome(ratio, gain, steps, numbers);
    }

    private Finding Outcome(double ratio, double gain, long steps, string numbers)
    {
        if (ratio > Fallen && gain <= 0)
            return Judged(
                FindingOutcome.Confirmed,
                ratio,
                Fallen,
                Say($"a loss above {Fallen} of its beginning and PESQ not above the noisy side confirm"),
                $"{numbers}: nothing was learned.",
                Action
            );
        if (gain <= 0 && steps < StepsToPass)
            return Judged(
                FindingOutcome.Inconclusive,
                ratio,
                Fallen,
                Say($"a loss that falls for fewer than {StepsToPass} steps with PESQ not above the noisy side is inconclusive"),
                $"{numbers}.",
                Say($"Train on: estimates are judged against the noisy side after {StepsToPass} steps.")
            );
        if (gain <= 0)
            return Judged(
                FindingOutcome.Suspected,
                ratio,
                Fallen,
                "a loss that falls with PESQ not above the noisy side is suspected",
                $"{numbers}: the loss falls and PESQ does not follow it.",
                Action
            );
        return Judged(
            FindingOutcome.Rejected,
            ratio,
            Fallen,
            ratio > Fallen
                ? "PESQ above the noisy side rejects"
                : Say($"a loss below {Fallen} of its beginning and PESQ above the noisy side reject"),
            $"{numbers}.",
            ""
        );
    }

    private static double? Gain(IReadOnlyDictionary<string, double> own, IReadOnlyDictionary<string, double> noisy, string metric) =>
        own.TryGetValue(metric, out var a) && noisy.TryGetValue(Noisy + metric, out var b) && double.IsFinite(a) && double.IsFinite(b)
            ? a - b
            : null;
}
