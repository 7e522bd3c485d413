using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>Utterances without a score enter the validation mean as a number, -1 in published trainers (fault F8): the mean falls with the
/// number of silent files.</summary>
public sealed class FailedScoresCounted()
    : Theory(
        "failed-scores-counted",
        Severity.Grave,
        "Do utterances that could not be scored enter the validation mean as numbers?",
        "largest distance of an epoch's validation mean from the mean of its utterances' scores, in the metric's unit",
        "an identity: the mean is that of the recorded utterances; 1e-9 is rounding (8 digits are lost of float64's 16). PESQ is never "
            + "below 0.99 (P.862.2, its mapping's lower end)"
    )
{
    /// <summary>Largest distance that is rounding.</summary>
    public const double Rounding = 1e-9;

    // P.862.2's mapping ends at 0.999.
    private const double LowestPesq = 0.99;

    /// <inheritdoc/>
    protected override int Unread(RunRecord run) => run.UnreadEvaluations;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        HashSet<int> evaluated = [.. run.EpochsEvaluated(ValidationHistory.Split).Where(e => e > 0)];
        double worst = -1;
        var impossible = new List<string>();
        (int Epoch, string Metric, double Said, double Own)? found = null;
        foreach (var epoch in run.Epochs.Where(e => e.Validation is not null && evaluated.Contains(e.Epoch)))
        {
            List<UtteranceEvaluation> utterances = [.. run.EvaluationsOf(epoch.Epoch).Where(e => e.Split == ValidationHistory.Split)];
            foreach (var (metric, said) in epoch.Validation!.Mean)
            {
                var own = Values(utterances, metric);
                var distance = own.Count == 0 ? Math.Abs(said) + 1 : Math.Abs(said - SampleMean.Of(own));
                var allowed = Rounding * Math.Max(1, Math.Abs(said));
                if (distance > worst)
                    worst = distance;

                if (distance > allowed && found is null)
                    found = (epoch.Epoch, metric, said, own.Count == 0 ? double.NaN : SampleMean.Of(own));
            }

            impossible.AddRange(
                utterances
                    .Where(e => e.Metrics.TryGetValue(ValidationHistory.Pesq, out var p) && p < LowestPesq)
                    .Select(e => e.Name)
                    .Except(impossible)
            );
        }

        const string action = "Leave utterances without a score out of every mean, and name them with their reasons.";
        if (impossible.Count > 0)
            return Judged(
                FindingOutcome.Confirmed,
                worst,
                Rounding,
                Say($"a PESQ below {LowestPesq} confirms"),
                $"{impossible.Count} validation utterances have a PESQ that no pair can have: {List(impossible)}. A failure was "
                    + $"written down as a number.",
                action,
                null,
                impossible
            );

        if (found is { } f)
            return Judged(
                FindingOutcome.Confirmed,
                worst,
                Rounding,
                "a mean that is not that of its utterances confirms",
                Say(
                    $"The validation mean of {f.Metric} in epoch {f.Epoch} is {f.Said:0.####}, and its utterances' own mean is "
                        + $"{(double.IsNaN(f.Own) ? "none" : Say($"{f.Own:0.####}"))}: "
                        + $"something else was counted in."
                ),
                action,
                f.Epoch
            );

        return worst < 0
            ? NotMeasured("no epoch has both a validation mean and its utterances")
            : Judged(
                FindingOutcome.Rejected,
                worst,
                Rounding,
                Say($"up to {Rounding:0e-0} rejects"),
                "Every validation mean is that of its utterances' scores.",
                ""
            );
    }

    private static List<double> Values(List<UtteranceEvaluation> utterances, string metric)
    {
        var values = new List<double>(utterances.Count);
        foreach (var utterance in utterances)
        {
            if (utterance.Metrics.TryGetValue(metric, out var value))
                values.Add(value);
        }

        return values;
    }
}
