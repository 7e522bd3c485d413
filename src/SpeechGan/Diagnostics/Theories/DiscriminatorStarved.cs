using System.Globalization;
using SpeechGan.Metrics;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// The metric discriminator hardly trains, because samples without a PESQ score veto its steps (fault F3 of published trainers): the
/// generator then follows a judge that knows nothing of it. Counted in batches, in whole numbers, so that no rounding decides at a
/// boundary.
/// </summary>
public sealed class DiscriminatorStarved : ITheory
{
    /// <summary>Below this training rate, percent, starvation is confirmed.</summary>
    public const int ConfirmedBelowPercent = 70;

    /// <summary>Above this training rate, percent, it is rejected.</summary>
    public const int RejectedAbovePercent = 90;

    /// <summary>Above this share of skipped batches, percent, it is suspected where the rate alone leaves it open.</summary>
    public const int SuspectedAboveSkippedPercent = 20;

    private const double SampleChance = 0.05;
    private const int NamedAtMost = 20,
        NamedInSentence = 5;
    private const string RateMeasure = "training rate (batches stepped / batches seen)";
    private const string SkippedMeasure = "share of batches skipped (batches not stepped / batches seen)";
    private const string Source = "docs/architecture.md, Numbers: the project's definition of a starved discriminator";

    /// <inheritdoc/>
    public string Id => "discriminator-starved";

    /// <inheritdoc/>
    public Severity Severity => Severity.Grave;

    /// <inheritdoc/>
    public string Question =>
        "Did the metric discriminator train on too few batches, because samples without a PESQ score stopped its steps?";

    /// <inheritdoc/>
    public Finding Examine(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Config is { HasDiscriminator: false })
            return NotMeasured("the run trains without a discriminator (loss.weights.gan is 0)");

        // Steps also tell of an epoch that is not over; where their file was removed to save space, epochs have the same counts.
        long told = run.Rows.Count(s => s.DiscriminatorStepped is not null);
        var fromSteps = told > 0;
        long seen = fromSteps ? told : run.Epochs.Sum(e => (long)(e.BatchesSeen ?? 0));
        long stepped = fromSteps ? run.Rows.Count(s => s.DiscriminatorStepped == true) : run.Epochs.Sum(e => (long)(e.BatchesStepped ?? 0));
        if (seen == 0)
            return ByRates(run)
                ?? NotMeasured(
                    run.Rows.Count + run.Epochs.Count > 0 ? "whether the discriminator stepped is not recorded" : "no batch was seen yet"
                );

        if (stepped < 0 || stepped > seen)
            return NotMeasured($"the record contradicts itself ({stepped} batches stepped of {seen} seen)");

        var (outcome, rule, byRate, threshold) = run.Info.Import is { StepsAreSampled: true }
            ? JudgeSample(stepped, seen)
            : Judge(stepped, seen);
        var action =
            outcome == FindingOutcome.Rejected ? ""
            : run.Info.Import is not null ? ForeignAction(outcome)
            : Action(run.Config?.Metric.OnFailure);
        var files = outcome == FindingOutcome.Rejected ? [] : Files(run);
        var samples = fromSteps ? run.Rows.Sum(s => (long)(s.SampleCount ?? 0)) : run.Epochs.Sum(e => (long)(e.SamplesSeen ?? 0));
        var scored = fromSteps ? run.Rows.Sum(s => (long)s.Scored) : run.Epochs.Sum(e => (long)(e.SamplesScored ?? 0));
        var reasons = Masked(fromSteps ? run.Rows.SelectMany(s => s.Masked) : run.Epochs.SelectMany(e => e.Masked));
        var typed = ReasonCount.Of(reasons);
        List<string> masked =
        [
            .. typed.Select(r => r.ToString()),
            .. ReasonCount.Unknown(reasons) is > 0 and var unknown ? (string[])[$"reasons of another version x{unknown}"] : [],
        ];
        return new Finding
        {
            Id = Id,
            Outcome = outcome,
            Measure = byRate ? RateMeasure : SkippedMeasure,
            Observed = (double)(byRate ? stepped : seen - stepped) / seen,
            Threshold = threshold / 100.0,
            Rule = rule,
            ThresholdSource = Source,
            Sentence =
                $"The discriminator stepped on {stepped} of {seen} "
                + $"{(run.Info.Import is { StepsAreSampled: true } ? "logged " : "")}batches ({Percent(stepped, seen)}): {rule}."
                + (
                    samples == 0
                        ? ""
                        : $" {scored} of {samples} samples had a PESQ "
                            + $"score{(masked.Count > 0 ? "; without one: " + string.Join(", ", masked) : "")}."
                )
                + $"{Most(files)}{Worst(run)}",
            SinceEpoch = outcome == FindingOutcome.Rejected ? null : Since(run),
            Reasons = typed,
            Concerns = [.. files.Select(f => $"{f.Name}: {f.Reason} x{f.Count}")],
            NextAction = action,
            Command = NextCommand.Of(action, run),
        };
    }

    /// <summary>The outcome for counts of batches, by whole numbers: exactly 70 % is not below 70, exactly 90 % not above 90, exactly 20 %
    /// skipped not more than 20.</summary>
    /// <param name="stepped">Batches on which the discriminator stepped.</param>
    /// <param name="seen">Batches seen, at least 1.</param>
    /// <returns>Outcome, the rule that spoke in words, whether that rule is about the rate (else about skipped batches), and its threshold
    /// in percent.</returns>
    public static (FindingOutcome Outcome, string Rule, bool ByRate, int ThresholdPercent) Judge(long stepped, long seen)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seen, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stepped);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stepped, seen);
        if (stepped * 100 < ConfirmedBelowPercent * seen)
            return (FindingOutcome.Confirmed, $"below {ConfirmedBelowPercent} % confirms starvation", true, ConfirmedBelowPercent);

        if (stepped * 100 > RejectedAbovePercent * seen)
            return (FindingOutcome.Rejected, $"above {RejectedAbovePercent} % rejects starvation", true, RejectedAbovePercent);

        return (seen - stepped) * 100 > SuspectedAboveSkippedPercent * seen
            ? (
                FindingOutcome.Suspected,
                $"between {ConfirmedBelowPercent} and {RejectedAbovePercent} % the rate is inconclusive, but more than "
                    + $"{SuspectedAboveSkippedPercent} % of batches skipped makes starvation suspected",
                false,
                SuspectedAboveSkippedPercent
            )
            : (
                FindingOutcome.Inconclusive,
                $"between {ConfirmedBelowPercent} and {RejectedAbovePercent} % is inconclusive, and not more than "
                    + $"{SuspectedAboveSkippedPercent} % of batches were skipped",
                true,
                RejectedAbovePercent
            );
    }

    // Some of the batches were logged: the rate of all is known within a margin, and judged where the whole margin lies on one side
    // (one-sided, 5 % by the binomial distribution).
    private static (FindingOutcome Outcome, string Rule, bool ByRate, int ThresholdPercent) JudgeSample(long stepped, long seen)
    {
        const string margin = "of a sample of the batches";
        if (Below(stepped, seen, ConfirmedBelowPercent / 100.0) <= SampleChance)
            return (
                FindingOutcome.Confirmed,
                $"below {ConfirmedBelowPercent} % {margin}, by more than chance ({100 * SampleChance} %), confirms starvation",
                true,
                ConfirmedBelowPercent
            );
        if (Below(seen - stepped, seen, 1 - (RejectedAbovePercent / 100.0)) <= SampleChance)
            return (
                FindingOutcome.Rejected,
                $"above {RejectedAbovePercent} % {margin}, by more than chance ({100 * SampleChance} %), rejects starvation",
                true,
                RejectedAbovePercent
            );
        if (Below(stepped, seen, 1 - (SuspectedAboveSkippedPercent / 100.0)) <= SampleChance)
            return (
                FindingOutcome.Suspected,
                $"more than {SuspectedAboveSkippedPercent} % of batches skipped {margin}, by more than chance ("
                    + $"{100 * SampleChance} %), makes "
                    + $"starvation suspected",
                false,
                SuspectedAboveSkippedPercent
            );
        return (
            FindingOutcome.Inconclusive,
            $"{seen} logged batches are too few to tell the rate from {ConfirmedBelowPercent} and {RejectedAbovePercent} %",
            true,
            RejectedAbovePercent
        );
    }

    // Probability of so few successes or fewer, each with this probability: the binomial distribution, summed in logarithms.
    private static double Below(long successes, long trials, double probability)
    {
        double log = trials * Math.Log(1 - probability),
            sum = Math.Exp(log);
        for (long k = 1; k <= successes; k++)
        {
            log += Math.Log((double)(trials - k + 1) / k) + Math.Log(probability / (1 - probability));
            sum += Math.Exp(log);
        }

        return sum;
    }

    // An imported record may tell the rate of each epoch without any count.
    private Finding? ByRates(RunRecord run)
    {
        var rates = run.Epochs.Where(e => e is { BatchesSeen: null, TrainingRate: >= 0 and <= 1 }).ToList();
        if (rates.Count == 0)
            return null;

        const long Resolution = 1_000_000;
        var mean = rates.Average(e => e.TrainingRate!.Value);
        var (outcome, rule, byRate, threshold) = Judge((long)Math.Round(mean * Resolution), Resolution);
        return new Finding
        {
            Id = Id,
            Outcome = outcome,
            Measure = byRate ? RateMeasure : SkippedMeasure,
            Observed = byRate ? mean : 1 - mean,
            Threshold = threshold / 100.0,
            Rule = rule,
            ThresholdSource = Source,
            Sentence =
                $"The discriminator's training rate is {Percent((long)Math.Round(mean * Resolution), Resolution)}, the mean of "
                + $"{rates.Count} epochs' recorded rates: {rule}.",
            SinceEpoch =
                outcome == FindingOutcome.Rejected
                    ? null
                    : rates
                        .FirstOrDefault(e =>
                            Judge((long)Math.Round(e.TrainingRate!.Value * Resolution), Resolution).Outcome != FindingOutcome.Rejected
                        )
                        ?.Epoch,
            NextAction = outcome == FindingOutcome.Rejected ? "" : ForeignAction(outcome),
        };
    }

    private static string ForeignAction(FindingOutcome outcome) =>
        outcome == FindingOutcome.Inconclusive
            ? "Log every batch (the public CMGAN trainer: --log_interval 1), and import the log again."
            : "Leave a sample that PESQ cannot score out by itself instead of its whole batch, and look at what these samples are: "
                + "silent estimates, or silent clean sides.";

    private static string Action(MetricFailurePolicy? policy) =>
        policy switch
        {
            MetricFailurePolicy.DropBatch =>
                "Train with --set metric.onFailure=mask, so that samples without a score no longer stop the others.",
            null => "Read the reasons above: steps.jsonl names every sample without a score.",
            _ => "Whole batches had no score: steps.jsonl names every sample without one; take silent utterances out of the corpus, or "
                + "lengthen data.trainCutSeconds.",
        };

    // The files that stopped most, each with its reason.
    private static List<(string Name, string Reason, int Count)> Files(RunRecord run)
    {
        var counts = new Dictionary<(string Name, string Reason), int>();
        foreach (var sample in run.Rows.SelectMany(s => s.Samples ?? []))
        {
            if (sample.Masked is { } reason)
                counts[(sample.Name, reason)] = counts.GetValueOrDefault((sample.Name, reason)) + 1;
        }

        return
        [
            .. counts
                .Select(f => (f.Key.Name, f.Key.Reason, Count: f.Value))
                .OrderByDescending(f => f.Count)
                .ThenBy(f => f.Name, StringComparer.Ordinal)
                .Take(NamedAtMost),
        ];
    }

    // Samples without a score by reason, of however many lines.
    private static List<KeyValuePair<string, int>> Masked(IEnumerable<KeyValuePair<string, int>> lines)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (reason, count) in lines)
        {
            counts[reason] = counts.GetValueOrDefault(reason) + count;
        }

        return [.. counts];
    }

    // Where no file comes twice, the reasons above say all there is.
    private static string Most(List<(string Name, string Reason, int Count)> files) =>
        files.Count == 0 || files[0].Count == 1
            ? ""
            : $" Most often without a score: "
                + $"{string.Join(", ", files.Take(NamedInSentence).Select(f => $"{f.Name} ({f.Reason} x{f.Count})"))}.";

    // The first epoch whose own batches would not be judged healthy.
    private static int? Since(RunRecord run) =>
        run.Epochs.Where(e => e.BatchesSeen > 0 && e.BatchesStepped >= 0 && e.BatchesStepped <= e.BatchesSeen)
            .Where(e => Judge(e.BatchesStepped!.Value, e.BatchesSeen!.Value).Outcome != FindingOutcome.Rejected)
            .Select(e => (int?)e.Epoch)
            .FirstOrDefault()
        ?? run.Rows.Where(s => s.DiscriminatorStepped == false).Select(s => (int?)s.Epoch).FirstOrDefault();

    // One epoch may be far worse than the run: named, but not judged by itself, since a short epoch has few batches.
    private static string Worst(RunRecord run)
    {
        var judged = run.Epochs.Where(e => e is { BatchesSeen: > 0, BatchesStepped: not null }).ToList();
        if (judged.Count < 2)
            return "";

        var worst = judged.MinBy(e => (double)e.BatchesStepped!.Value / e.BatchesSeen!.Value)!;
        return $" The lowest epoch is {worst.Epoch} with {worst.BatchesStepped} of {worst.BatchesSeen}.";
    }

    // Rounded down, so that 69.999 % is not printed as the 70 % it is not.
    private static string Percent(long part, long whole) =>
        (part * 10_000 / whole / 100.0).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    private Finding NotMeasured(string why) =>
        new()
        {
            Id = Id,
            Outcome = FindingOutcome.NotMeasured,
            Measure = RateMeasure,
            ThresholdSource = Source,
            Sentence = $"The discriminator's training rate was not measured: {why}.",
            NextAction = "",
        };
}
