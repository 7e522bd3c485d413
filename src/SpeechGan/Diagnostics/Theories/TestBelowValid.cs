using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The test part gains far less than the validation part did with the same weights: the two are not of one kind.</summary>
public sealed class TestBelowValid()
    : Theory(
        "test-below-valid",
        Severity.Serious,
        "Does the test part gain much less over its noisy side than the validation part did?",
        "mean PESQ gain of validation less that of test, same weights",
        "the lower end of the 95 % interval (B. L. Welch, 1947) above 0.3: the bundled corpus' own parts differ by 0.2 "
            + "(tools/kernel-statistics)"
    )
{
    /// <summary>Confirmed where even the lower end of the interval lies above.</summary>
    public const double ConfirmedAbove = 0.3;

    private const int Fewest = 3;
    private const double Normal = 1.96;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var tested = run.Evaluations.Where(e => e is { Split: RecordName.Test, Epoch: > 0 }).Select(e => e.Epoch).DefaultIfEmpty(0).Max();
        var (valid, test) = (Gains(run, ValidationHistory.Split, tested), Gains(run, RecordName.Test, tested));
        if (tested == 0 || valid.Count < Fewest || test.Count < Fewest)
            return NotMeasured(
                tested == 0
                    ? "the test part was not evaluated yet"
                    : $"{valid.Count} validation and {test.Count} test utterances have a gain, and {Fewest} of each are needed"
            );

        double difference = valid.Average() - test.Average(),
            error = Math.Sqrt((Variance(valid) / valid.Count) + (Variance(test) / test.Count));
        double low = difference - (Normal * error),
            high = difference + (Normal * error);
        var numbers = Say(
            $"With the weights of epoch {tested} PESQ gains {valid.Average():+0.00;-0.00} on {valid.Count} validation utterances and "
                + $"{test.Average():+0.00;-0.00} on {test.Count} of test: {difference:F2} more (95 % interval {low:F2} to {high:F2})"
        );
        if (low > ConfirmedAbove)
            return Judged(
                FindingOutcome.Confirmed,
                difference,
                ConfirmedAbove,
                Say($"an interval above {ConfirmedAbove} confirms"),
                $"{numbers}: what is learned does not hold for the test part.",
                $"Compare the parts: speechgan audit --data {NextCommand.DataOf(run)} (levels, bandwidth, noise, speakers); a "
                    + $"validation part that is near the training part chooses the wrong epoch.",
                tested
            );
        if (difference > ConfirmedAbove)
            return Judged(
                FindingOutcome.Inconclusive,
                difference,
                ConfirmedAbove,
                Say($"an interval on both sides of {ConfirmedAbove} is inconclusive"),
                $"{numbers}.",
                "Add utterances to both parts."
            );
        return Judged(FindingOutcome.Rejected, difference, ConfirmedAbove, Say($"up to {ConfirmedAbove} rejects"), $"{numbers}.", "");
    }

    private static List<double> Gains(RunRecord run, string split, int epoch)
    {
        var noisy = run.EvaluationsOf(0)
            .Where(e => e.Split == split)
            .GroupBy(e => e.Name)
            .ToDictionary(g => g.Key, g => g.Last().Metrics, StringComparer.Ordinal);
        return
        [
            .. run.EvaluationsOf(epoch)
                .Where(e => e.Split == split && noisy.ContainsKey(e.Name))
                .GroupBy(e => e.Name)
                .Select(g => g.Last())
                .Select(e =>
                    e.Metrics.TryGetValue(RecordName.Pesq, out var own)
                    && noisy[e.Name].TryGetValue("noisy_pesq_wb", out var before)
                    && Math.Abs(own) < 10
                    && Math.Abs(before) < 10
                        ? own - before
                        : (double?)null
                )
                .OfType<double>(),
        ];
    }

    private static double Variance(List<double> values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
    }
}
