using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>How an utterance fared: noisy, then the first, the best and the last epoch that were evaluated.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Split">Part of the corpus.</param>
/// <param name="Noisy">The noisy side itself.</param>
/// <param name="First">First evaluated epoch.</param>
/// <param name="Best">Epoch of the best mean PESQ.</param>
/// <param name="Last">Last evaluated epoch.</param>
internal sealed record UtteranceCourse(
    string Name,
    string Split,
    UtteranceEvaluation? Noisy,
    UtteranceEvaluation? First,
    UtteranceEvaluation? Best,
    UtteranceEvaluation? Last
)
{
    public const string Pesq = RecordName.Pesq;
    public const string SiSdr = RecordName.SiSdr;
    public const string NoisyPrefix = "noisy_";

    /// <summary>Last minus first, PESQ; absent where one has none.</summary>
    public double? SinceFirst => Value(Last, Pesq) - Value(First, Pesq);

    /// <summary>Last minus best, PESQ; absent where one has none.</summary>
    public double? SinceBest => Value(Last, Pesq) - Value(Best, Pesq);

    /// <summary>The larger of both changes by size; where nothing changed yet, that from the noisy side.</summary>
    public double? Largest =>
        new[] { SinceBest, SinceFirst }
            .OfType<double>()
            .Where(c => c != 0)
            .OrderByDescending(Math.Abs)
            .Select(c => (double?)c)
            .FirstOrDefault()
        ?? (Value(Last, Pesq) - Value(Noisy, NoisyPrefix + Pesq));

    /// <summary>The utterances of a part, those with the largest changes first; within equals by name.</summary>
    /// <param name="run">The run.</param>
    /// <param name="split">Part of the corpus.</param>
    public static IReadOnlyList<UtteranceCourse> Of(RunRecord run, string split)
    {
        var epochs = run.EpochsEvaluated(split).Where(e => e > 0).ToList();
        int? first = epochs.Count > 0 ? epochs[0] : null,
            last = epochs.Count > 0 ? epochs[^1] : null,
            best = BestEpoch(run, split);
        // Of a long run only these epochs are held.
        var shown = new[] { 0, first, best, last }.OfType<int>().Distinct().ToDictionary(e => e, e => At(run, split, e));
        return
        [
            .. run
                .Evaluations.Where(e => e.Split == split)
                .Select(e => e.Name)
                .Distinct(StringComparer.Ordinal)
                .Select(name => new UtteranceCourse(name, split, Of(name, 0), Of(name, first), Of(name, best), Of(name, last)))
                .OrderBy(c => c.Largest is null)
                .ThenByDescending(c => Math.Abs(c.Largest ?? 0))
                .ThenBy(c => c.Name, StringComparer.Ordinal),
        ];

        UtteranceEvaluation? Of(string name, int? epoch) => epoch is { } e ? shown[e].GetValueOrDefault(name) : null;
    }

    /// <summary>Epoch of the best mean PESQ over the utterances, the first of equals; null where none has one.</summary>
    public static int? BestEpoch(RunRecord run, string split)
    {
        var sums = new Dictionary<int, (double Sum, int Count)>();
        foreach (var evaluation in run.Evaluations)
        {
            if (evaluation.Split == split && evaluation.Epoch > 0 && evaluation.Metrics.TryGetValue(Pesq, out var pesq))
            {
                var (sum, count) = sums.GetValueOrDefault(evaluation.Epoch);
                sums[evaluation.Epoch] = (sum + pesq, count + 1);
            }
        }

        return sums.Select(s => (Epoch: (int?)s.Key, Mean: s.Value.Sum / s.Value.Count))
            .OrderByDescending(e => e.Mean)
            .ThenBy(e => e.Epoch)
            .FirstOrDefault()
            .Epoch;
    }

    public static double? Value(UtteranceEvaluation? evaluation, string metric) =>
        evaluation is not null && evaluation.Metrics.TryGetValue(metric, out var value) ? value : null;

    // A record that was resumed after damage may hold an epoch twice: the later line counts.
    private static Dictionary<string, UtteranceEvaluation> At(RunRecord run, string split, int epoch)
    {
        var evaluations = new Dictionary<string, UtteranceEvaluation>(StringComparer.Ordinal);
        foreach (var evaluation in run.EvaluationsOf(epoch).Where(e => e.Split == split))
            evaluations[evaluation.Name] = evaluation;

        return evaluations;
    }
}
