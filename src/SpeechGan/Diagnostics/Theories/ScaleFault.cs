using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// Clean and estimated signal are compared at different scales (fault F1, CMGAN issue 42): even a perfect estimate is punished. Only the
/// identity "estimate := clean gives no time loss" confirms it; scores alone merely suggest it.
/// </summary>
public sealed class ScaleFault()
    : Theory(
        "scale-fault",
        Severity.Grave,
        "Does the loss compare the estimate with a clean signal of another scale?",
        "time loss where the estimate is the clean signal itself",
        "an identity: it is 0 but for rounding, 1.0e-7 on 384 cuts of the bundled corpus against the 1e-5 allowed; the published fault "
            + "gives 0.1 and more"
    )
{
    internal const string Check = "estimate-is-clean/time";

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        const string action =
            "Normalise the clean signal with the noisy one's factor before the time term, as the estimate is (--set "
            + "loss.timeReference=normalized), and train again.";
        var checks = run.Oracles.Where(o => o.Name == Check && o is { Observed: not null }).ToList();
        if (checks.FirstOrDefault(o => o.Holds == false) is { } failed)
            return Judged(
                FindingOutcome.Confirmed,
                failed.Observed!.Value,
                failed.Allowed,
                Say($"above {failed.Allowed:G2} confirms"),
                Say(
                    $"A perfect estimate has a time loss of {failed.Observed:G3}, and a sound trainer gives it none (within "
                        + $"{failed.Allowed:G2}): the two signals are of different scale, and the generator is taught a level that is "
                        + $"wrong."
                ),
                action,
                Math.Max(1, failed.Epoch)
            );

        if (checks.Count > 0)
            return Judged(
                FindingOutcome.Rejected,
                checks[0].Observed!.Value,
                checks[0].Allowed,
                Say($"up to {checks[0].Allowed:G2} rejects"),
                Say(
                    $"A perfect estimate has a time loss of {checks[0].Observed:G3}: clean signal and estimate are compared at the "
                        + $"same scale."
                ),
                ""
            );

        var (pesq, snr, count) = Changes(run);
        if (count == 0)
            return NotMeasured(
                "the reconstruction check of the time term was not made, and too few scores are recorded to suggest anything"
            );
        if (pesq > 0 && snr < 0)
            return Judged(
                FindingOutcome.Suspected,
                snr,
                0,
                "segmental SNR below the noisy side's while PESQ is above it is suspected",
                Say(
                    $"The reconstruction check was not made. PESQ of {count} validation utterances lies {pesq:F2} above the noisy "
                        + $"side's and their segmental SNR {-snr:F2} dB below it: PESQ is level-invariant; segmental SNR is not."
                ),
                action
            );
        return NotMeasured("the reconstruction check of the time term was not made");
    }

    // Mean change of the last validation over the noisy side, over the utterances that have all four numbers.
    private static (double Pesq, double Snr, int Count) Changes(RunRecord run)
    {
        var noisy = run.EvaluationsOf(0)
            .Where(e => e.Split == ValidationHistory.Split)
            .GroupBy(e => e.Name)
            .ToDictionary(g => g.Key, g => g.Last().Metrics, StringComparer.Ordinal);
        var last = run.EpochsEvaluated(ValidationHistory.Split) is [.., var epoch] ? epoch : 0;
        var changes = (last > 0 ? run.EvaluationsOf(last) : [])
            .Where(e =>
                e.Split == ValidationHistory.Split
                && noisy.ContainsKey(e.Name)
                && e.Metrics.ContainsKey(RecordName.Pesq)
                && e.Metrics.ContainsKey("ssnr")
                && noisy[e.Name].ContainsKey("noisy_pesq_wb")
                && noisy[e.Name].ContainsKey("noisy_ssnr")
            )
            .Select(e =>
                (Pesq: e.Metrics[RecordName.Pesq] - noisy[e.Name]["noisy_pesq_wb"], Snr: e.Metrics["ssnr"] - noisy[e.Name]["noisy_ssnr"])
            )
            .ToList();
        return changes.Count == 0 ? (0, 0, 0) : (changes.Average(c => c.Pesq), changes.Average(c => c.Snr), changes.Count);
    }
}
