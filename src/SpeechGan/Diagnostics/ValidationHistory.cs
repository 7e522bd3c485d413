using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary>One epoch's validation, as far as it is recorded.</summary>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Pesq">Mean wide-band PESQ: of the utterances where they are recorded, else as the epoch's line says.</param>
/// <param name="Utterances">PESQ by utterance; empty where they are not recorded.</param>
public sealed record ValidationPoint(int Epoch, double Pesq, IReadOnlyDictionary<string, double> Utterances);

/// <summary>How validation PESQ went over a run, and how two epochs differ, utterance by utterance.</summary>
public static class ValidationHistory
{
    internal const string Pesq = RecordName.Pesq;
    internal const string Split = RecordName.Valid;

    /// <summary>The epochs that have a validation PESQ, in order.</summary>
    public static IReadOnlyList<ValidationPoint> Of(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var byEpoch = run.EpochsEvaluated(Split)
            .Where(e => e > 0)
            .Select(e => EpochPesq.Of(run, e))
            .OfType<EpochPesq>()
            .ToDictionary(e => e.Epoch);
        var means = run
            .Epochs.Where(e => e.Validation is { } v && v.Mean.TryGetValue(Pesq, out var p) && double.IsFinite(p))
            .GroupBy(e => e.Epoch)
            .ToDictionary(g => g.Key, g => g.Last().Validation!.Mean[Pesq]);
        // Damaged scores can be too large to be averaged.
        return
        [
            .. byEpoch
                .Keys.Union(means.Keys)
                .Order()
                .Select(e =>
                    byEpoch.TryGetValue(e, out var utterances)
                        ? new ValidationPoint(e, utterances.Mean, utterances)
                        : new ValidationPoint(e, means[e], new Dictionary<string, double>())
                )
                .Where(p => double.IsFinite(p.Pesq)),
        ];
    }

    /// <summary>The epoch with the highest PESQ, the first of several.</summary>
    public static ValidationPoint Best(IReadOnlyList<ValidationPoint> history) => history.MaxBy(p => p.Pesq)!;

    /// <summary>Second minus first over the utterances that both have.</summary>
    public static IReadOnlyList<(string Name, double Change)> Changes(ValidationPoint first, ValidationPoint second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return
        [
            .. first
                .Utterances.Where(u => second.Utterances.ContainsKey(u.Key))
                .OrderBy(u => u.Key, StringComparer.Ordinal)
                .Select(u => (u.Key, second.Utterances[u.Key] - u.Value)),
        ];
    }
}
