using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Probes;

/// <summary>Whether two evaluations of the same weights agree, under the run's own evaluation knobs.</summary>
public static class EvaluationRepeats
{
    private const string Metric = RecordName.Pesq;
    private const string Source = "an evaluation is a function of weights and files: the same weights give the same bits";

    /// <summary>The finding.</summary>
    /// <param name="first">The checkpoint evaluated as the run does after one epoch.</param>
    /// <param name="again">The same weights as after the next epoch.</param>
    /// <param name="otherwise">As the first, in other batch sizes and with other workers.</param>
    public static Finding Judge(
        IReadOnlyList<UtteranceEvaluation> first,
        IReadOnlyList<UtteranceEvaluation> again,
        IReadOnlyList<UtteranceEvaluation> otherwise
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        var (byEpoch, byBatch) = (Largest(first, again), Largest(first, otherwise));
        double largest = Math.Max(byEpoch.Distance, byBatch.Distance);
        var cuts = first.Zip(again).Count(p => p.First.CutStart != p.Second.CutStart || p.First.CutLength != p.Second.CutLength);
        return new Finding
        {
            Id = "probe/evaluation-repeats",
            Outcome = largest > 0 ? FindingOutcome.Confirmed : FindingOutcome.Rejected,
            Measure = "largest difference of an utterance's PESQ between evaluations of the same weights",
            Observed = largest,
            Threshold = 0,
            Rule = largest > 0 ? "any difference confirms that epochs cannot be compared" : "no difference rejects",
            ThresholdSource = Source,
            Sentence =
                largest > 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"The same weights, evaluated as after two epochs, differ by up to {byEpoch.Distance:0.###} PESQ "
                            + $"({byEpoch.Name}; mean {Mean(first):0.###} against {Mean(again):0.###}; {cuts} of {first.Count} cuts lie "
                            + $"elsewhere); in other batch sizes by {byBatch.Distance:0.###}."
                    )
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"The same weights, evaluated as after two epochs and in other batch sizes, give the same bits on all "
                            + $"{first.Count} utterances."
                    ),
            NextAction =
                largest > 0
                    ? "Train with --set evaluation.cut=center, and compare epochs by evaluations of their checkpoints (speechgan "
                        + "evaluate) until then."
                    : "",
        };
    }

    private static (double Distance, string Name) Largest(
        IReadOnlyList<UtteranceEvaluation> first,
        IReadOnlyList<UtteranceEvaluation> second
    )
    {
        ArgumentNullException.ThrowIfNull(second);
        var other = second.ToDictionary(e => e.Name);
        return first
            .Where(e => e.Metrics.ContainsKey(Metric) && other.TryGetValue(e.Name, out var o) && o.Metrics.ContainsKey(Metric))
            .Select(e => (Math.Abs(e.Metrics[Metric] - other[e.Name].Metrics[Metric]), e.Name))
            .DefaultIfEmpty((0, ""))
            .MaxBy(d => d.Item1);
    }

    private static double Mean(IReadOnlyList<UtteranceEvaluation> evaluations) =>
        evaluations.Where(e => e.Metrics.ContainsKey(Metric)).Select(e => e.Metrics[Metric]).DefaultIfEmpty(0).Average();
}
