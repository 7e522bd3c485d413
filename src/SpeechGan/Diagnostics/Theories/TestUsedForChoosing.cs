using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>The test set chooses the best epoch (fault F11): the reported score is optimistic. Seen by the noisy sides' scores, whatever
/// the files are called.</summary>
public sealed class TestUsedForChoosing()
    : Theory(
        "test-used-for-choosing",
        Severity.Grave,
        "Are utterances of the test among those on which the best epoch is chosen?",
        "test utterances whose noisy side scores, on the same cut, are those of a validation utterance to the last bit",
        "an identity: two recordings do not share three scores to the last bit; fault F11"
    )
{
    private const int Fewest = 2; // metrics that must agree beside PESQ

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        var valid = run.EvaluationsOf(0).Where(e => e.Split == RecordName.Valid).ToList();
        var test = run.EvaluationsOf(0).Where(e => e.Split == RecordName.Test).ToList();
        if (valid.Count == 0 || test.Count == 0)
            return NotMeasured(
                valid.Count == 0
                    ? "the noisy sides of valid were not scored"
                    : "the corpus has no test part, or its noisy sides were not scored"
            );

        var known = valid.Select(Fingerprint).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var shared = test.Where(e => Fingerprint(e) is { } print && known.Contains(print))
            .Select(e => e.Name)
            .Order(StringComparer.Ordinal)
            .ToList();
        return shared.Count == 0
            ? Judged(
                FindingOutcome.Rejected,
                0,
                0,
                "0 rejects",
                $"None of {test.Count} test utterances scores like one of the {valid.Count} validation utterances.",
                ""
            )
            : Judged(
                FindingOutcome.Confirmed,
                shared.Count,
                0,
                "above 0 confirms",
                $"{shared.Count} of {test.Count} test utterances are validation utterances too: {List(shared)}. The best epoch was "
                    + $"chosen on the test.",
                "Choose the best epoch on utterances that are in no test: take them out of valid, or let a part of train be held out.",
                null,
                shared
            );
    }

    private static string? Fingerprint(UtteranceEvaluation e) =>
        e.Metrics.Count <= Fewest
            ? null
            : $"{e.CutLength}:"
                + string.Join(
                    ";",
                    e.Metrics.Where(m => m.Key.StartsWith("noisy_", StringComparison.Ordinal)).Select(m => Say($"{m.Key}={m.Value:R}"))
                );
}
